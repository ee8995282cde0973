#include "base/base.h"

#include "core/password.h"

/*
 * What people choose first: words, names and whole passwords. The point is not
 * a complete list but that twelve characters made of these do not pass. Digits
 * and signs that stand for letters are matched by the caller.
 */
const char *const password_words[] = {
	/* for the thing itself */
	"access", "account", "admin", "administrator", "backup",
	"changeit", "changeme", "changethis", "computer", "default", "demo",
	"enter", "geheim", "guest", "hidden", "internet", "kennwort", "letmein",
	"login", "logmein", "manager", "master", "motdepasse", "mypass",
	"mypassword", "network", "newpass", "nopass", "nothing", "office",
	"openup", "oper", "pass", "passe", "passphrase", "passwd",
	"password", "passwort", "please", "private", "public", "root", "sample",
	"schatz", "secret", "secure", "security", "server", "service", "setup",
	"signin", "super", "superuser", "support", "sysadmin", "system", "temp",
	"temporary", "test", "tester", "testing", "trustno", "unknown", "user",
	"username", "wachtwoord", "welcome", "willkommen", "workstation",

	/* for where it is used */
	"aws", "azure", "cloud", "cluster", "company", "data", "database",
	"databricks", "delta", "docker", "excel", "google", "hadoop", "lake",
	"lakehouse", "linux", "mapping", "microsoft", "mysql", "notebook",
	"oracle", "pipeline", "postgres", "production", "pyspark", "python",
	"snowflake", "spark", "sqlite", "staging", "text2code", "warehouse",
	"windows", "workspace",

	/* keyboards, beyond plain runs */
	"1q2w3e4r", "1qaz", "1qazxsw2", "2wsx", "abc123", "asdf", "azerty",
	"qazwsx", "qazwsxedc", "qwer", "qwerty", "qwertz", "qweasd",
	"qweasdzxc", "wasd", "yxcv", "zaq1", "zaq12wsx", "zxcv",

	/* days, months, seasons */
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday", "weekend", "january", "february", "march", "april", "june",
	"july", "august", "september", "october", "november", "december",
	"spring", "summer", "autumn", "winter", "sommer", "herbst", "holiday",
	"christmas", "easter", "birthday", "montag", "freitag", "januar",
	"februar", "oktober", "dezember",

	/* love and luck */
	"angel", "angels", "babe", "baby", "babygirl", "beautiful",
	"bestfriend", "buddy", "butterfly", "darling", "family", "forever",
	"freedom", "friend", "friends", "god", "happy", "heaven", "honey",
	"hello", "hope", "iloveu", "iloveyou", "jesus", "jesuschrist", "kisses",
	"liebe", "love", "lovely", "lover", "loveyou", "lucky", "money",
	"peace", "princess", "smile", "sunshine", "sweet", "sweetheart",
	"teamo", "tequiero", "thankyou", "whatever",

	/* play */
	"arsenal", "baseball", "basketball", "batman", "chelsea", "cowboys",
	"dallas", "eagles", "football", "fussball", "gaming", "golf", "hockey",
	"juventus", "killer", "lakers", "liverpool", "matrix", "metallica",
	"minecraft", "naruto", "ninja", "pirate", "player", "pokemon", "ranger",
	"rangers", "realmadrid", "soccer", "spiderman", "starwars", "superman",
	"tennis", "thunder", "united", "warcraft", "wizard", "yankees",

	/* animals, things, colours */
	"banana", "bear", "bird", "black", "blue", "camaro", "cat", "chicken",
	"chocolate", "coffee", "cookie", "corvette", "diamond", "dog",
	"dolphin", "dragon", "eagle", "ferrari", "fire", "flower", "gold",
	"green", "hallo", "hammer", "harley", "horse", "ginger", "lion",
	"mercedes", "monkey", "mustang", "orange", "panther", "pepper",
	"phoenix", "porsche", "purple", "rabbit", "rainbow", "red", "shadow",
	"silver", "snoopy", "star", "steel", "tiger", "toyota", "water",
	"white", "wolf", "yellow",

	/* first names that lead every such list */
	"alex", "alexander", "amanda", "andrea", "andrew", "anna", "anthony",
	"ashley", "austin", "barbara", "brandon", "carlos", "charlie", "chris",
	"christian", "daniel", "david", "elizabeth", "george", "hannah",
	"hunter", "jackson", "jasmine", "jennifer", "jessica", "john", "jordan",
	"joseph", "joshua", "justin", "laura", "maggie", "maria", "martin",
	"matthew", "melissa", "michael", "michelle", "nicholas", "nicole",
	"oliver", "patrick", "peter", "rachel", "richard", "robert", "samantha",
	"sarah", "sophie", "stefan", "steven", "thomas", "victoria", "william",
};

const size_t password_words_count = COUNT_OF(password_words);
