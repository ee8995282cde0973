"""Rows of hard values, and expressions over them, for test_eval.py.

A value is text that Spark casts to the column's type, or None; a list for what is nested.
"""

COLUMNS = {
    "t": "tinyint",
    "h": "smallint",
    "i": "int",
    "j": "int",
    "l": "bigint",
    "d": "decimal(12,2)",
    "e": "decimal(38,10)",
    "z": "decimal(5,0)",
    "f": "float",
    "x": "double",
    "y": "double",
    "b": "boolean",
    "c": "boolean",
    "s": "string",
    "w": "string",
    "r": "string",
    "n": "string",
    "q": "string",
    "p": "string",
    "u": "binary",
    "a": "date",
    "k": "date",
    "m": "timestamp",
    "o": "timestamp",
    "nt": "timestamp_ntz",
    "tags": "array<string>",
    "nums": "array<int>",
    "who": "struct<city:string,zip:int>",
    "g": "string",
    "seq": "int",
}

# One line a column, one value a row.
VALUES = {
    "t": ["1", None, "0", "-1", "127", "-128", "7", "10", "2", "3", "5", "100"],
    "h": ["1", None, "0", "-1", "32767", "-32768", "7", "10", "365", "30", "12", "1000"],
    "i": ["1", None, "0", "-1", "2147483647", "-2147483648", "7", "10", "3", "42", "5", "-7"],
    "j": ["2", "3", "5", None, "1", "-1", "3", "-3", "2", "4", "7", "2"],
    "l": [
        "1",
        None,
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "1709210096",
        "10000000000",
        "86400",
        "-86401",
        "255",
        "1000000",
    ],
    "d": [
        "12.30",
        None,
        "0.00",
        "-0.01",
        "9999999999.99",
        "-9999999999.99",
        "0.05",
        "2.50",
        "-2.50",
        "1234567.89",
        "99.99",
        "100.00",
    ],
    "e": [
        "1.5000000000",
        None,
        "0",
        "-0.0000000001",
        "9999999999999999999999999999.9999999999",
        "-1.25",
        "123.4567891234",
        "3",
        "0.3333333333",
        "-42",
        "1e10",
        "7.0000000001",
    ],
    "z": ["1", None, "0", "-1", "99999", "-99999", "7", "10", "4", "12", "250", "-30"],
    "f": ["1.5", None, "0", "-0.25", "100", "-2", "0.5", "3", "8", "1e6", "NaN", "-1"],
    "x": [
        "1.5",
        None,
        "0",
        "-0.0",
        "1e6",
        "-2.5",
        "0.1",
        "NaN",
        "Infinity",
        "123456.789",
        "2.675",
        "1e-3",
    ],
    "y": ["2", "1", None, "3", "0.5", "4", "0.2", "NaN", "1", "-8", "2.675", "100"],
    "b": [
        "true",
        None,
        "false",
        "true",
        "false",
        "true",
        None,
        "false",
        "true",
        "true",
        "false",
        "true",
    ],
    "c": [
        "true",
        "true",
        "true",
        "false",
        "false",
        None,
        None,
        None,
        "false",
        "true",
        "true",
        "false",
    ],
    "s": [
        "Hello World",
        None,
        "",
        "   ",
        "  padded  ",
        "Größe ÄÖÜ ß",
        "a,b,,c",
        "John_Smith 100%",
        "\U0001f600 smile\U0001f600",
        "e\u0301te\u0301",
        "O'Brien\tx\ny",
        "aaa",
    ],
    "w": ["lo", "a", "", None, "  ", "ö", ",", "_", "\U0001f600", "t", "'", "a"],
    "r": [
        "2024-02-29",
        None,
        "31.12.2023",
        "A-1001-DE",
        "anna@example.com",
        "+49 (030) 123-456",
        "x=1;y=22;z=",
        "key:value:rest",
        "abc123def456",
        "ABC",
        "tel. 555",
        "a|b|c",
    ],
    "n": ["1", None, "", "-1", " 42 ", "1.5", "1e3", "abc", "2147483648", "007", "+5", "99.999"],
    "q": [
        "2024-02-29",
        None,
        "2023-12-31 23:59:59",
        "2024-03-31T02:30:00Z",
        "1900-01-01",
        "2024-1-5",
        "3999-12-31",
        "2024-10-27 02:30:00.123456",
        "2024-02-30",
        "",
        "2024-06",
        "2024-01-01 10:00:00+02:00",
    ],
    "p": [
        "29.02.2024 13:05:09",
        None,
        "01.01.1970 00:00:00",
        "31.12.1999 23:59:59",
        "31.03.2024 02:30:00",
        "27.10.2024 02:30:00",
        "15.06.2024 12:00:00",
        "01.11.2024 08:07:06",
        "30.04.2024 18:00:00",
        "09.09.2009 09:09:09",
        "10.10.2010 10:10:10",
        "05.07.2024 01:02:03",
    ],
    "u": ["Hello", None, "", "abc", "\u00e4", "x", "y", "z", "0", "1", "2", "3"],
    "a": [
        "2024-02-29",
        None,
        "1970-01-01",
        "1969-12-31",
        "2024-03-31",
        "2023-02-28",
        "2000-02-29",
        "1900-03-01",
        "2024-12-31",
        "2025-01-01",
        "1582-10-15",
        "3999-12-31",
    ],
    "k": [
        "2023-02-28",
        "2024-01-31",
        None,
        "1970-01-01",
        "2024-04-30",
        "2023-02-28",
        "2024-02-29",
        "2024-06-15",
        "2024-01-01",
        "2024-12-31",
        "2024-08-31",
        "2020-05-31",
    ],
    "m": [
        "2024-02-29 12:34:56.789",
        None,
        "1970-01-01 00:00:00",
        "1969-12-31 23:59:59.999999",
        "2024-03-31 02:30:00",
        "2024-10-27 02:30:00",
        "2024-12-31 23:59:59",
        "2000-01-01 00:00:00.000001",
        "1900-01-01 00:00:00",
        "2024-06-15 06:07:08.100",
        "2038-01-19 03:14:08",
        "2023-01-01 13:00:00",
    ],
    "o": [
        "2024-02-28 12:34:56",
        "2024-01-01 00:00:00",
        None,
        "1970-01-01 00:00:00",
        "2024-03-30 02:30:00",
        "2024-04-27 02:30:00",
        "2023-12-31 23:59:59",
        "1999-12-31 23:59:59",
        "1900-01-31 00:00:00",
        "2024-05-15 06:07:08",
        "2038-01-18 03:14:08",
        "2022-01-01 12:00:00",
    ],
    "nt": [
        "2024-02-29 12:34:56.789",
        None,
        "1970-01-01 00:00:00",
        "1969-12-31 23:59:59",
        "2024-03-31 02:30:00",
        "2024-10-27 02:30:00",
        "2024-12-31 23:59:59",
        "2000-01-01 00:00:00",
        "1900-01-01 00:00:00",
        "2024-06-15 06:07:08",
        "2038-01-19 03:14:08",
        "2023-01-01 13:00:00",
    ],
    "tags": [
        ["a", "b"],
        None,
        [],
        ["x"],
        [None],
        ["b", "a", "b"],
        ["a", None, "c"],
        ["1", "2", "3"],
        ["ä"],
        ["", "y"],
        ["z", "z"],
        ["q"],
    ],
    "nums": [
        ["1", "2"],
        None,
        [],
        ["-5"],
        [None],
        ["3", "1", "2"],
        ["7", None, "7"],
        ["0"],
        ["2147483647"],
        ["4", "4"],
        ["9", "8", "7"],
        ["1"],
    ],
    "who": [
        ["Bonn", "53111"],
        None,
        [None, "1"],
        ["Köln", None],
        ["", "0"],
        ["a", "2"],
        ["b", "3"],
        ["c", "4"],
        ["d", "5"],
        ["e", "6"],
        ["f", "7"],
        ["g", "8"],
    ],
    "g": ["A", "A", "A", "B", "B", None, None, "A", "B", "C", "B", "A"],
    "seq": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"],
}

EXPRESSIONS = r"""
# literals
1
-1
2147483648
-2147483648
9223372036854775808
1.5
-0.05
100.00
1e3
1.5D
2.5BD
7L
7S
7Y
'text'
'it\'s \u00e4'
true
false
NULL
X'C3A4'
DATE'2024-02-29'
TIMESTAMP'2024-02-29 12:00:00.5'
TIMESTAMP_NTZ'2024-02-29 12:00:00.5'
INTERVAL 3 DAYS
INTERVAL '1-2' YEAR TO MONTH
INTERVAL '1 02:03:04.5' DAY TO SECOND
INTERVAL 90 MINUTES
INTERVAL 1 YEAR 2 MONTHS
INTERVAL '2 hours'

# arithmetic
i + 1
i - j
i * j
i / j
i % j
i DIV j
-i
t + t
t + h
h * 2
l + i
l - 1
l / 1000
x + y
x * y
x / y
x % y
f + f
f * 2
f + i
x + i
d + d
d - i
d * d
d / 3
d * 1.19
d / d
d % 7
d * 100
d + 0.5
d - z
d * e
e + e
e * e
e / 3
e / d
z / 7
z * z
z DIV j
i + d
i * 1.5
l * 1.0
d * x
1 / 3
1.0 / 3
10 DIV 3
7 % -3
-7 % 3
5 / 0
pmod(-7, 3)
pmod(i, 5)
pmod(d, 7)
mod(i, 4)
n + 1
n * 2.0
n / 2
'10' + 5
'3' * '4'
i + NULL
NULL + d
try_add(i, 1)
try_add(l, l)
try_subtract(i, j)
try_multiply(i, 1000)
try_divide(i, j - 2)
try_divide(d, z)
i & 6
i | 8
i ^ 3
~i
+i
- d
negative(i)
positive(d)
abs(i)
abs(d)
abs(x)

# comparison and logic
nt = m
nt > a
b = 'true'
i IN ('1', '2')
n IN (1, 2)
m IN ('2024-02-29 12:34:56.789')
i = x
l = x
z = '1'
i LIKE '1%'
a LIKE '2024%'
i = 1
i <> j
i < j
i <=> j
i >= 0
i = NULL
x = y
x < y
x > 1
d = 2.5
d > z
d >= i
e < 1.5
s = 'aaa'
s > 'a'
s <=> w
b = c
a = k
a < k
a = '2024-02-29'
a > '2000-01-01'
m > a
m >= '2024-01-01 00:00:00'
m < o
'1' = 1
n = 1
n = '1'
b AND c
b OR c
NOT b
b AND NULL
c OR NULL
NOT b OR c AND i > 0
b IS TRUE
b IS NOT FALSE
b IS UNKNOWN
i IS NULL
s IS NOT NULL
i IS DISTINCT FROM j
i IS NOT DISTINCT FROM j
i BETWEEN 0 AND 10
i NOT BETWEEN j AND 10
a BETWEEN DATE'2000-01-01' AND DATE'2024-12-31'
s BETWEEN 'A' AND 'b'
i IN (1, 7, 42)
i IN (1, NULL)
i NOT IN (1, 7)
i NOT IN (1, NULL)
s IN ('aaa', '')
d IN (2.5, 100)
l IN (1, i)
tags = array('a', 'b')
who.zip = 1
equal_null(i, j)

# conditions
CASE WHEN i > 5 THEN 'big' WHEN i > 0 THEN 'small' ELSE 'none' END
CASE WHEN i > 5 THEN 1 END
CASE WHEN b THEN 1 ELSE 2.5 END
CASE i WHEN 1 THEN 'one' WHEN 7 THEN 'seven' END
CASE s WHEN '' THEN NULL ELSE s END
CASE WHEN b THEN i ELSE l END
CASE WHEN b THEN d ELSE e END
CASE WHEN b THEN d ELSE x END
CASE WHEN b THEN a ELSE m END
CASE WHEN b THEN i ELSE s END
CASE WHEN j = 0 THEN 0 ELSE i / j END
CASE WHEN b THEN f ELSE i END
if(i > 0, 'pos', 'neg')
if(b, i, d)
iff(b, 1, 2)
coalesce(i, 0)
coalesce(s, w, 'none')
coalesce(d, 0)
coalesce(d, i)
coalesce(a, m)
coalesce(NULL, i)
coalesce(s, 1)
nvl(i, j)
nvl(s, 'x')
nvl2(i, 'set', 'unset')
ifnull(d, 0.5)
nullif(i, 1)
nullif(s, '')
nullif(trim(s), '')
isnull(i)
isnotnull(s)
greatest(i, j)
greatest(i, j, 100)
least(i, j, d)
least(a, k)
greatest(x, y)
greatest(s, w)
decode(i, 1, 'one', 7, 'seven', 'other')
decode(i, 1, 'one', NULL, 'null')
nanvl(x, 0)
isnan(x)

# casts
CAST(i AS STRING)
CAST(i AS BIGINT)
CAST(l AS INT)
CAST(i AS TINYINT)
CAST(i AS DECIMAL(10,2))
CAST(i AS DECIMAL(5,2))
CAST(i AS DOUBLE)
CAST(i AS BOOLEAN)
CAST(b AS INT)
CAST(b AS STRING)
CAST(b AS DECIMAL(3,1))
CAST(d AS STRING)
CAST(d AS INT)
CAST(d AS DECIMAL(10,1))
CAST(d AS DECIMAL(20,4))
CAST(d AS DECIMAL(4,2))
CAST(d AS DOUBLE)
CAST(d AS BIGINT)
CAST(e AS STRING)
CAST(e AS DECIMAL(38,2))
CAST(e AS DECIMAL(12,0))
CAST(x AS STRING)
CAST(x AS INT)
CAST(x AS DECIMAL(10,2))
CAST(x AS FLOAT)
CAST(x AS BOOLEAN)
CAST(y AS STRING)
CAST(x / y AS STRING)
CAST(i / j AS STRING)
CAST(i / j AS DECIMAL(20,6))
CAST(f / 3 AS STRING)
CAST(CAST(y AS FLOAT) AS STRING)
CAST(CAST(d AS FLOAT) AS STRING)
CAST(f AS STRING)
CAST(f AS DOUBLE)
CAST(z AS STRING)
CAST(n AS INT)
CAST(n AS BIGINT)
CAST(n AS DOUBLE)
CAST(n AS DECIMAL(10,2))
CAST(n AS DECIMAL(3,1))
CAST(n AS BOOLEAN)
TRY_CAST(n AS INT)
TRY_CAST(n AS DOUBLE)
TRY_CAST(n AS DECIMAL(4,1))
TRY_CAST(n AS BOOLEAN)
TRY_CAST(q AS DATE)
TRY_CAST(q AS TIMESTAMP)
TRY_CAST(l AS INT)
TRY_CAST(d AS DECIMAL(4,2))
CAST(q AS DATE)
CAST(q AS TIMESTAMP)
CAST(a AS STRING)
CAST(a AS TIMESTAMP)
CAST(m AS STRING)
CAST(m AS DATE)
CAST(m AS BIGINT)
CAST(m AS DOUBLE)
CAST(m AS TIMESTAMP_NTZ)
CAST(nt AS STRING)
CAST(nt AS DATE)
CAST(nt AS TIMESTAMP)
CAST(l AS TIMESTAMP)
CAST(d AS TIMESTAMP)
CAST(a AS INT)
CAST(s AS BINARY)
CAST(u AS STRING)
CAST(s AS VARCHAR(3))
CAST(s AS CHAR(20))
CAST(tags AS STRING)
CAST(nums AS STRING)
CAST(who AS STRING)
CAST(nums AS ARRAY<BIGINT>)
CAST(nums AS ARRAY<STRING>)
CAST(NULL AS INT)
CAST(INTERVAL '1 02:03:04.5' DAY TO SECOND AS STRING)
CAST(INTERVAL '1-2' YEAR TO MONTH AS STRING)
i::string
int(d)
string(d)
date(m)
bigint(i)
double(d)
decimal(i)

# text
upper(u)
lower(a)
instr(i, '1')
length(i)
trim(i)
concat(u, s)
substring(s, l, 2)
array_join(nums, ',')
concat_ws(',', nums)
upper(s)
lower(s)
ucase(s)
lcase(s)
initcap(s)
trim(s)
ltrim(s)
rtrim(s)
btrim(s)
trim(BOTH FROM s)
trim(LEADING 'a' FROM s)
trim(TRAILING ' ' FROM s)
trim(BOTH w FROM s)
trim('aH', s)
ltrim(' He', s)
rtrim('a', s)
btrim(s, 'a ')
length(s)
len(s)
char_length(s)
length(u)
octet_length(s)
bit_length(s)
substring(s, 2, 3)
substring(s, -3)
substring(s, -3, 2)
substring(s, 0, 4)
substring(s, 5)
substring(s, -20, 12)
substring(s, 2, -1)
substring(s FROM 2 FOR 3)
substr(s, i, 2)
left(s, 3)
left(s, -1)
right(s, 3)
right(s, 0)
right(s, 50)
concat(s, w)
concat(s, '-', i, '-', d)
concat(a, ' ', m)
concat(b, 'x')
concat(tags, array('end'))
concat()
s || w
s || NULL
i || '/' || j
d || ''
x || ''
concat_ws('-', s, w, g)
concat_ws(',', tags)
concat_ws('|', a, i, s)
concat_ws(NULL, s, w)
concat_ws('-')
lpad(s, 5, '*')
rpad(s, 5, '*')
lpad(i, 10, '0')
lpad(CAST(t AS STRING), 5, '0')
lpad(s, 20, 'ab')
lpad(s, 5)
rpad(s, 15)
lpad(s, 0, 'x')
lpad(s, 3, '')
lpad(s, -1, 'x')
repeat(w, 3)
repeat(s, -1)
space(3)
concat('[', space(t), ']')
reverse(s)
reverse(tags)
replace(s, 'a', 'X')
replace(s, 'l')
replace(s, '', 'X')
replace(s, w, '#')
translate(s, 'lo', '01')
translate(s, 'aeio', 'AE')
translate(s, 'ÄÖÜ', 'AOU')
overlay(s PLACING 'XX' FROM 2)
overlay(s, 'XX', 3, 4)
instr(s, 'o')
instr(s, w)
instr(s, '')
locate('l', s)
locate('l', s, 5)
locate('', s, 3)
locate('a', s, 0)
locate(w, s)
position('o' IN s)
position('a', s)
contains(s, w)
startswith(s, 'He')
startswith(s, '')
endswith(s, w)
split(r, '-')
split(s, ',')
split(r, '[;=]')
split(r, '\\.')
split(r, '-', 2)
split(r, '-')[0]
split(s, ',')[1]
element_at(split(r, '-'), 1)
size(split(s, ','))
split_part(r, '-', 1)
split_part(r, '-', -1)
split_part(r, ':', 2)
split_part(s, ',', 9)
split_part(s, '', 1)
substring_index(r, '-', 1)
substring_index(r, '-', 2)
substring_index(r, '-', -1)
substring_index(r, ':', 5)
find_in_set(w, 'a,lo,,t')
find_in_set(s, 'aaa,b')
ascii(s)
ascii(w)
chr(65)
char(l)
hex(i)
hex(l)
hex(s)
hex(u)
unhex('4D7953')
unhex('xx')
base64(u)
base64(CAST(s AS BINARY))
unbase64('SGVsbG8=')
md5(s)
md5(CAST(i AS STRING))
sha1(s)
sha(s)
sha2(s, 256)
sha2(s, 224)
sha2(s, 384)
sha2(s, 512)
sha2(s, 0)
sha2(concat_ws('||', s, w, CAST(i AS STRING)), 256)
crc32(s)
hash(s)
hash(i)
hash(i, l, s, d, x, a, m, b)
hash(t, h, f)
hash(NULL)
xxhash64(s)
xxhash64(i)
xxhash64(i, l, s, d, x, a, m, b)
xxhash64(t, h, f, nt)
xxhash64(concat(s, s, s, s))
levenshtein(s, w)
levenshtein(r, 'ABC')
soundex(s)
soundex(r)
soundex('Tymczak')
elt(1, s, w)
bin(l)
bin(13)
format_number(d, 2)
format_number(l, 0)
format_number(d, 0)
format_number(e, 3)
format_string('%s-%05d', w, l)
format_string('%5s|%-5s|%d%%', w, w, j)
printf('%s', w)

# patterns
s LIKE '%o%'
s LIKE 'a__'
s LIKE ''
s LIKE '%'
s LIKE '%\\_%'
s LIKE '%/%%' ESCAPE '/'
s NOT LIKE 'H%'
s LIKE w
s ILIKE 'HELLO%'
s ILIKE '%ö%'
s LIKE ANY ('H%', 'a%')
s LIKE ALL ('%a%', '%,%')
s NOT LIKE ANY ('H%', 'a%')
s NOT LIKE ALL ('H%', 'a%')
s LIKE ANY ('H%', NULL)
like(s, 'a%')
ilike(s, 'A%')
r RLIKE '^[A-Z]-\\d+'
r RLIKE '\\d{3}$'
r RLIKE 'a|b'
r RLIKE '^(?:[a-z]+)@([a-z]+)\\.com$'
r RLIKE '(?i)abc'
r NOT RLIKE '[0-9]'
rlike(r, '\\w+')
regexp_like(r, '^.*$')
regexp_replace(r, '[^0-9]', '')
regexp_replace(r, '\\s+', ' ')
regexp_replace(s, ' +', '_')
regexp_replace(r, '(\\w+)@(\\w+)', '$2 at $1')
regexp_replace(r, '-', '')
regexp_replace(r, '', '.')
regexp_replace(r, 'b*', 'X')
regexp_replace(s, '[äöüÄÖÜß]', '?')
regexp_replace(r, '^0+', '')
regexp_replace(r, '[^a-zA-Z0-9]+', '_')
regexp_replace(s, '\\n|\\t', ' ')
regexp_extract(r, '(\\d+)', 1)
regexp_extract(r, '(\\d+)')
regexp_extract(r, '([a-z]+)(\\d+)', 2)
regexp_extract(r, '\\d+', 0)
regexp_extract(r, '(x)?(\\d+)', 1)
regexp_extract(r, '^(.*?)[-:]', 1)
regexp_extract(r, '([A-Z])-(\\d{4})-([A-Z]{2})', 3)
regexp_extract_all(r, '(\\d+)', 1)
regexp_extract_all(r, '[a-z]', 0)
regexp_count(r, '\\d')
regexp_replace(r, '\\p{Punct}', '')
regexp_replace(s, '[^\\p{ASCII}]', '?')
regexp_replace(r, '\\P{Alpha}+', '_')
regexp_substr(r, '\\d+')
regexp_extract(r, '(a+)+b', 1)
regexp_replace(r, '(?<=a)b', '')
r RLIKE '\\bABC\\b'
s RLIKE '\\bsmile'

# numbers
round(d)
round(d, 1)
round(d, 2)
round(d, 5)
round(d, -1)
round(x)
round(x, 2)
round(y, 1)
round(i, -1)
round(i, 2)
round(e, 4)
round(2.5)
round(-2.5)
round(d * 1.19, 2)
round(i / j, 2)
bround(d, 1)
bround(2.5)
bround(x, 2)
round(f, 1)
round(f / 3, 3)
ceil(d)
floor(d)
ceil(x)
floor(x)
ceil(i)
floor(e)
ceil(d, 1)
floor(d, 1)
floor(d, -1)
ceiling(y)
sign(d)
signum(x)
sqrt(y)
sqrt(i)
power(i, 2)
power(2, t)
pow(y, 2)
exp(0)
exp(x)
ln(1)
ln(y)
log10(1000)
log10(y)
log(2, 8)
factorial(j)
pi()
e()
rint(y)
cbrt(y)

# dates
month(nt)
hour(q)
hour(nt)
date_format(nt, 'yyyy')
datediff(nt, a)
date_trunc('MONTH', nt)
unix_timestamp(nt)
to_timestamp(nt)
add_months(m, 1)
next_day(m, 'mon')
date_add(a, l)
'2024-01-01' + INTERVAL 1 DAY
m - a
- INTERVAL 1 DAY
try_add(a, 1)
CAST(x AS TIMESTAMP)
CAST(m AS DECIMAL(20,6))
make_date('2024', 1, 1)
year(a)
quarter(a)
month(a)
day(a)
dayofmonth(a)
dayofweek(a)
weekday(a)
dayofyear(a)
weekofyear(a)
year(m)
month(m)
dayofweek(m)
year('2024-02-29')
hour(m)
minute(m)
second(m)
hour(a)
extract(YEAR FROM a)
extract(MONTH FROM m)
extract(WEEK FROM a)
extract(DOW FROM a)
extract(DAYOFWEEK_ISO FROM a)
extract(DOY FROM a)
extract(YEAROFWEEK FROM a)
extract(HOUR FROM m)
extract(SECOND FROM m)
date_part('year', a)
date_part('quarter', m)
date_add(a, 1)
date_add(a, j)
date_add(a, -30)
date_sub(a, 1)
date_add('2024-02-28', 2)
date_add(m, 1)
dateadd(a, 5)
dateadd(DAY, 5, a)
dateadd(MONTH, 1, m)
dateadd(HOUR, -3, m)
dateadd(YEAR, j, m)
timestampadd(MINUTE, 90, m)
a + 1
a - 1
1 + a
a + INTERVAL 1 DAY
a - INTERVAL 1 MONTH
a + INTERVAL 1 YEAR
a + INTERVAL 2 HOURS
a + INTERVAL 1 WEEK
m + INTERVAL 1 DAY
m + INTERVAL 1 MONTH
m - INTERVAL 90 SECONDS
m + INTERVAL '1 02:03:04.5' DAY TO SECOND
INTERVAL 1 DAY + a
a - k
m - o
datediff(a, k)
datediff(m, o)
datediff(a, '2024-01-01')
date_diff(a, k)
datediff(DAY, o, m)
datediff(MONTH, o, m)
datediff(HOUR, o, m)
timestampdiff(YEAR, o, m)
timestampdiff(QUARTER, o, m)
timestampdiff(WEEK, k, a)
add_months(a, 1)
add_months(a, -1)
add_months(a, 12)
add_months(k, j)
months_between(a, k)
months_between(m, o)
months_between(m, o, false)
last_day(a)
last_day(m)
next_day(a, 'Mon')
next_day(a, 'sunday')
next_day(a, 'TU')
next_day(a, 'xx')
trunc(a, 'MONTH')
trunc(a, 'year')
trunc(a, 'MM')
trunc(a, 'Q')
trunc(a, 'QUARTER')
trunc(a, 'week')
trunc(m, 'MM')
date_trunc('MONTH', m)
date_trunc('day', m)
date_trunc('HOUR', m)
date_trunc('WEEK', m)
date_trunc('QUARTER', a)
date_trunc('second', m)
date_trunc('MILLISECOND', m)
date_trunc('foo', m)
make_date(2024, 2, 29)
make_date(2023, 2, 29)
make_date(year(a), 1, 1)
make_timestamp(2024, 2, 29, 12, 30, 45.5)
to_date(q)
to_date('2024-02-29')
to_date('29.02.2024', 'dd.MM.yyyy')
to_date(p, 'dd.MM.yyyy HH:mm:ss')
to_date('20240229', 'yyyyMMdd')
to_date('2/9/24', 'M/d/yy')
to_date('29-Feb-2024', 'dd-MMM-yyyy')
to_date('February 29, 2024', 'MMMM d, yyyy')
to_date('2024', 'yyyy')
to_date('2024-06', 'yyyy-MM')
to_date('2024-02-30', 'yyyy-MM-dd')
to_date(m, 'yyyy')
to_date(a)
to_timestamp(q)
to_timestamp(p, 'dd.MM.yyyy HH:mm:ss')
to_timestamp('2024-02-29T12:30:45.123', "yyyy-MM-dd'T'HH:mm:ss.SSS")
to_timestamp('2024-02-29 01:05 PM', 'yyyy-MM-dd hh:mm a')
to_timestamp('29.02.2024', 'dd.MM.yyyy')
to_timestamp(a)
try_to_timestamp(q)
try_to_timestamp('x')
date_format(m, 'yyyy-MM-dd')
date_format(m, 'yyyyMMdd')
date_format(m, 'dd.MM.yyyy HH:mm:ss')
date_format(m, 'yyyy-MM-dd HH:mm:ss.SSS')
date_format(m, 'SSSSSS')
date_format(m, 'MMM d, yy')
date_format(m, 'MMMM')
date_format(m, 'E EEEE')
date_format(m, 'hh:mm a')
date_format(m, 'D')
date_format(m, 'Q')
date_format(a, 'yyyy')
date_format(a, "yyyy-'W'")
date_format(m, 'k K')
date_format(m, 'X')
date_format(m, 'yyyyMM')
date_format(q, 'yyyy')
unix_timestamp(m)
unix_timestamp(a)
unix_timestamp(p, 'dd.MM.yyyy HH:mm:ss')
unix_timestamp('2024-02-29 12:00:00')
to_unix_timestamp(m)
from_unixtime(1709210096)
from_unixtime(j, 'yyyy')
from_unixtime(0, 'yyyy-MM-dd')
timestamp_seconds(1709210096)
timestamp_millis(1709210096123)
timestamp_micros(1709210096123456)
unix_seconds(m)
unix_millis(m)
unix_micros(m)
unix_date(a)
date_from_unix_date(19782)
from_utc_timestamp(m, 'UTC')
from_utc_timestamp(m, 'Europe/Berlin')
from_utc_timestamp(m, 'America/New_York')
from_utc_timestamp(m, 'Asia/Kolkata')
from_utc_timestamp(m, '+05:30')
to_utc_timestamp(m, 'Europe/Berlin')
to_utc_timestamp(m, 'America/Chicago')
from_utc_timestamp(TIMESTAMP'2024-03-31 00:59:59' + (seq % 3 - 1) * INTERVAL 1 SECOND, 'Europe/Paris')
to_utc_timestamp(TIMESTAMP'2024-10-27 00:30:00' + seq * INTERVAL 30 MINUTES, 'Europe/Paris')
to_utc_timestamp(TIMESTAMP'2024-03-31 00:30:00' + seq * INTERVAL 30 MINUTES, 'Europe/London')
to_utc_timestamp(TIMESTAMP'2024-03-10 00:30:00' + seq * INTERVAL 30 MINUTES, 'America/New_York')
to_utc_timestamp(TIMESTAMP'2024-11-03 00:00:00' + seq * INTERVAL 30 MINUTES, 'America/New_York')
from_utc_timestamp(TIMESTAMP'2024-11-03 04:00:00' + seq * INTERVAL 30 MINUTES, 'America/New_York')
a + j * INTERVAL 1 DAY
m + INTERVAL 1 MONTH * j
INTERVAL 1 DAY * 2
j * INTERVAL '1-2' YEAR TO MONTH
current_date()
current_timestamp()

# nested
hash(tags)
xxhash64(nums, who)
nums[1L]
array_contains(nums, 1L)
array_append(nums, 4)
array_prepend(tags, 'z')
array_compact(tags)
array_except(nums, array(1, 2))
array_intersect(tags, array('a', 'b', 'c'))
arrays_overlap(tags, array('a', 'q'))
array_repeat(s, 2)
array_sort(nums)
flatten(array(nums, nums))
sequence(1, 5)
sequence(5, 1, -2)
sequence(1, j)
slice(tags, -2, 2)
transform(nums, (v, n) -> v * n)
map_keys(map('a', 1, 'b', 2))
map_values(map('a', 1, 'b', 2))
map_contains_key(map('a', 1), 'b')
get_json_object('{"a":"x","b":true,"c":null}', '$.a')
get_json_object('{"a":"x","b":true,"c":null}', '$.b')
get_json_object('{"a":"x","b":true,"c":null}', '$.c')
get_json_object('{"a":"x","b":true,"c":null}', '$.d.e')
get_json_object('{"id": 42, "n": -7}', '$.id')
get_json_object('{"id": 42, "n": -7}', '$.n')
get_json_object('{"id": 42.50}', '$.id')
get_json_object('[{"a":"\u00e4\n"}]', '$[0].a')
who.city
who.zip + 1
who['city']
upper(who.city)
tags[0]
tags[1]
element_at(tags, 1)
element_at(tags, -1)
element_at(nums, 2)
try_element_at(tags, 5)
get(tags, 0)
get(tags, 7)
array(i, j)
array(1, 2.5)
array(s, w)
array()
size(tags)
cardinality(tags)
array_size(tags)
array_contains(tags, 'a')
array_contains(nums, 7)
array_join(tags, '-')
array_join(tags, ',', '?')
array_distinct(nums)
array_max(nums)
array_min(nums)
array_position(tags, 'b')
sort_array(nums)
sort_array(tags, false)
array_union(nums, array(1))
array_remove(tags, 'b')
slice(nums, 1, 2)
transform(nums, v -> v + 1)
filter(nums, v -> v > 1)
exists(nums, v -> v > 5)
forall(nums, v -> v > 0)
aggregate(nums, 0, (acc, v) -> acc + v)
struct(i, s)
struct(i AS a1, s AS b1)
struct(1, 'x')
named_struct('a', i, 'b', s)
named_struct('a', i, 'b', s).a
(i, j)
map('a', i, 'b', j)
map('a', 1)['a']
element_at(map('a', i), 'x')
get_json_object('{"a":{"b":[1,"x"]}}', '$.a.b[1]')
get_json_object(s, '$.a')

# windows
lag(i, 1, 0L) OVER (ORDER BY seq)
sum(f) OVER (PARTITION BY g ORDER BY seq)
avg(f) OVER (ORDER BY seq)
max(b) OVER ()
sum(i) OVER (ORDER BY seq ROWS BETWEEN CURRENT ROW AND CURRENT ROW)
rank() OVER (PARTITION BY g ORDER BY x DESC, seq)
row_number() OVER (ORDER BY seq)
row_number() OVER (PARTITION BY g ORDER BY seq DESC)
row_number() OVER (PARTITION BY g ORDER BY i)
row_number() OVER (PARTITION BY g ORDER BY i DESC NULLS FIRST, seq)
row_number() OVER (ORDER BY b)
rank() OVER (ORDER BY b)
rank() OVER (PARTITION BY g ORDER BY b NULLS LAST)
dense_rank() OVER (ORDER BY b DESC)
dense_rank() OVER (ORDER BY x)
percent_rank() OVER (ORDER BY seq)
cume_dist() OVER (ORDER BY b)
ntile(5) OVER (ORDER BY seq)
lag(i) OVER (ORDER BY seq)
lag(i, 2) OVER (PARTITION BY g ORDER BY seq)
lag(i, 1, 0) OVER (ORDER BY seq)
lag(s, 1, 'none') OVER (PARTITION BY g ORDER BY seq)
lead(a) OVER (PARTITION BY g ORDER BY seq)
lead(seq, 3, -1) OVER (ORDER BY seq DESC)
first_value(s) OVER (PARTITION BY g ORDER BY seq)
first_value(i) IGNORE NULLS OVER (PARTITION BY g ORDER BY seq DESC)
last_value(s) OVER (PARTITION BY g ORDER BY seq)
last_value(s) OVER (PARTITION BY g ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
nth_value(seq, 2) OVER (PARTITION BY g ORDER BY seq)
sum(j) OVER (PARTITION BY g)
sum(j) OVER (PARTITION BY g ORDER BY seq)
sum(j) OVER (ORDER BY b)
sum(j) OVER (ORDER BY seq ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)
sum(j) OVER (ORDER BY seq ROWS 1 PRECEDING)
sum(j) OVER (ORDER BY seq ROWS BETWEEN 3 FOLLOWING AND UNBOUNDED FOLLOWING)
sum(d) OVER (PARTITION BY g)
sum(z) OVER (ORDER BY seq)
avg(j) OVER (PARTITION BY g)
avg(d) OVER (PARTITION BY g)
avg(z) OVER (ORDER BY seq)
min(s) OVER (PARTITION BY g)
max(a) OVER (PARTITION BY g ORDER BY seq)
max(seq) OVER ()
count(*) OVER (PARTITION BY g)
count(i) OVER (PARTITION BY g ORDER BY seq)
count(i, s) OVER ()
d / sum(d) OVER (PARTITION BY g)
stddev(j) OVER (PARTITION BY g)
count_if(b) OVER (PARTITION BY g)
CASE WHEN row_number() OVER (PARTITION BY g ORDER BY seq) = 1 THEN 'first' ELSE 'later' END
"""
