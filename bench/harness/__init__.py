"""The parts of bench/run: processes, a small browser, wrk, the two sides, the table."""
