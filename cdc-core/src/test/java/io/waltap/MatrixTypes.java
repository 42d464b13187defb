package io.waltap;

import static io.waltap.MatrixType.type;

import java.util.List;

/** Every type that comes with PostgreSQL and that tables use, and some that users make. */
final class MatrixTypes {

  private static final String THOUSAND_DIGITS = "9".repeat(600) + "." + "1234567890".repeat(40);

  /** What has to exist first; those of extensions may fail. */
  static final List<String> EXTENSIONS = List.of("hstore", "ltree", "citext");

  static final List<String> OWN_TYPES =
      List.of(
          "CREATE TYPE mood AS ENUM ('sad', 'so so', '', 'NULL')",
          "CREATE TYPE pair AS (a int, b text)",
          "CREATE TYPE floatrange AS RANGE (subtype = float8)");

  static final List<MatrixType> ALL =
      List.of(
          type("int2", "-32768", "32767", "0"),
          type("int4", "-2147483648", "2147483647", "0"),
          type("int8", "-9223372036854775808", "9223372036854775807", "0"),
          type(
                  "numeric",
                  "-1e400",
                  "1e400",
                  "NaN",
                  "Infinity",
                  "-Infinity",
                  "0.00",
                  "1.500",
                  "-0.0000000000000000000000001",
                  THOUSAND_DIGITS)
              // Enough to be out of line; BigDecimal's time to read it grows with its square.
              .large(n -> "repeat('7', " + n / 16 + ")::numeric"),
          type("numeric", "-99999999.9999", "99999999.9999", "NaN", "0").as("numeric(12,4)"),
          type("numeric", "-99900", "99900", "NaN", "0").as("numeric(3,-2)"),
          type(
              "float4",
              "-3.4028235e38",
              "3.4028235e38",
              "NaN",
              "Infinity",
              "-Infinity",
              "1e-45",
              "-0",
              "0.1"),
          type(
              "float8",
              "-1.7976931348623157e308",
              "1.7976931348623157e308",
              "NaN",
              "Infinity",
              "-Infinity",
              "5e-324",
              "-0",
              "0.1"),
          type("money", "-92233720368547758.08", "92233720368547758.07", "0", "-1.50"),
          type("bool", "false", "true"),
          type("bpchar", "a", "zzzzz", "ü", "\"\\'").as("char(5)").empty(""),
          type("varchar", "a", "zzzzzzzzzzzzzzzzzzzz", " b ", "NULL").as("varchar(20)").empty(""),
          text("varchar"),
          text("text"),
          text("citext"),
          type("name", "a", "n".repeat(63), "Größe \"x\"").empty(""),
          type("char", "a", "~").as("\"char\"").empty(""),
          type("bytea", "\\x00", "\\xff", "\\x005c2722", "\\x6e756c6c")
              .empty("")
              .large(n -> "decode(repeat('a7', " + n / 2 + "), 'hex')"),
          type(
              "uuid",
              "00000000-0000-0000-0000-000000000000",
              "ffffffff-ffff-ffff-ffff-ffffffffffff",
              "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
          type(
              "date",
              "4714-11-24 BC",
              "5874897-12-31",
              "infinity",
              "-infinity",
              "0001-01-01",
              "0001-12-31 BC",
              "2024-02-29",
              "1582-10-10"),
          type("time", "00:00:00", "24:00:00", "23:59:59.999999", "02:30:00.5"),
          type(
              "timetz",
              "00:00:00+15:59",
              "24:00:00-15:59",
              "02:30:00.5+05:30",
              "24:00:00+00",
              "23:59:59.999999-03:30"),
          type(
              "timestamp",
              "4714-11-24 00:00:00 BC",
              "294276-12-31 23:59:59.999999",
              "infinity",
              "-infinity",
              "1969-12-31 23:59:59.999999",
              "0044-03-15 12:00:00 BC",
              "2026-03-29 02:30:00"),
          type("timestamp", "1000-01-01", "9999-12-31 23:59:59.999", "2000-01-01 00:00:00.12")
              .as("timestamp(3)"),
          type(
              "timestamptz",
              "4714-11-24 00:00:00+00 BC",
              "294276-12-31 23:59:59.999999+00",
              "infinity",
              "-infinity",
              "1969-12-31 23:59:59.999999+00",
              "0044-03-15 12:00:00 BC",
              "2026-03-29 02:30:00+05:30",
              "1883-11-18 12:00:00 America/New_York"),
          type(
              "interval",
              "-178000000 years",
              "178000000 years",
              "0",
              "1 year -2 mons +3 days",
              "-04:05:06.789",
              "1 day 23:59:59.999999",
              "1 mon -1 day 00:00:01"),
          type(
                  "json",
                  "null",
                  "{\"b\":  1.50, \"a\": [1, null, \"x\"], \"a\": 2}",
                  "\"\"",
                  "12345678901234567890.10",
                  "\"__debezium_unavailable_value\"")
              .empty("{}")
              .large(n -> "to_json(repeat('j', " + n + "))"),
          type(
                  "jsonb",
                  "null",
                  "{\"b\":  1.50, \"a\": [1, null, \"x\"], \"a\": 2}",
                  "\"\"",
                  "12345678901234567890.10",
                  "\"__debezium_unavailable_value\"")
              .empty("{}")
              .large(n -> "to_jsonb(repeat('j', " + n + "))"),
          type("jsonpath", "$", "strict $.a[*] ? (@ > 1 && @ < 10)")
              .large(n -> "('$.\"' || repeat('p', " + n + ") || '\"')::jsonpath"),
          type("xml", "<a/>", "<a b=\"ü\">x &amp; y</a>", "text only, no element")
              .empty("")
              .large(n -> "('<a>' || repeat('x', " + n + ") || '</a>')::xml"),
          type(
              "inet",
              "0.0.0.0",
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "10.0.0.1/8",
              "::ffff:1.2.3.4",
              "fe80::1/64",
              "::"),
          type(
              "cidr",
              "0.0.0.0/0",
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
              "10.0.0.0/8",
              "10.0.0.1"),
          type("macaddr", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"),
          type("macaddr8", "00:00:00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff:ff:ff"),
          type("bit", "00000000", "11111111", "00000010").as("bit(8)"),
          type("varbit", "0", "1", "0010", "00000000000000001")
              .empty("")
              .large(n -> "repeat('01', " + n / 2 + ")::varbit"),
          type("mood", "sad", "so so", "NULL").empty(""),
          type(
                  "pair",
                  "(-2147483648,a)",
                  "(2147483647,\"b,\"\"c\"\" (d)\")",
                  "(1,)",
                  "(,)",
                  "(,\"\")")
              .large(n -> "ROW(1, repeat('p', " + n + "))::pair"),
          range("int4range", "[-2147483648,0)", "[1,2147483647)", "(,)", "[5,)"),
          range("int8range", "[-9223372036854775808,0)", "[1,9223372036854775807)", "(,5)"),
          range("numrange", "[-1e30,1.50]", "(0,1e30)", "[NaN,NaN]")
              .large(n -> "numrange(1, repeat('7', " + Math.min(n, 131_000) + ")::numeric)"),
          range("tsrange", "[4714-11-24 00:00:00 BC,2000-01-01)", "[2000-01-01,infinity]", "(,)"),
          range(
              "tstzrange",
              "[4714-11-24 00:00:00+00 BC,2000-01-01 00:00:00+00)",
              "[2000-01-01 00:00:00+05:30,infinity]"),
          range("daterange", "[4714-11-24 BC,2000-01-01)", "[2000-01-01,infinity]", "(,)"),
          range("floatrange", "[-Infinity,0]", "(0,1.5)", "(,)"),
          multirange("int4", "{[-2147483648,0),[1,2)}", "{[1,2147483647)}", "{(,)}"),
          multirange("int8", "{[-9223372036854775808,0)}", "{[1,9223372036854775807)}"),
          multirange("num", "{[-1e30,1.50],(2,3)}", "{(0,1e30)}"),
          multirange("ts", "{[4714-11-24 00:00:00 BC,2000-01-01)}", "{[2000-01-01,infinity]}"),
          multirange(
              "tstz",
              "{[4714-11-24 00:00:00+00 BC,2000-01-01 00:00:00+00)}",
              "{[2000-01-01 00:00:00+05:30,infinity]}"),
          multirange(
              "date",
              "{[4714-11-24 BC,2000-01-01),[2001-01-01,2001-01-05)}",
              "{[2000-01-01,infinity]}"),
          type("hstore", "a=>1", "\"q\\\"=>,\"=>\"v \\\\\", n=>NULL, e=>\"\"", "\"NULL\"=>\"NULL\"")
              .empty("")
              .large(n -> "hstore('k', repeat('h', " + n + "))"),
          type("ltree", "a", "Top.Science.Astronomy_1")
              .empty("")
              .large(
                  n -> "rtrim(repeat('abcdefg.', " + Math.min(n, 250_000) / 8 + "), '.')::ltree"),
          type("tsvector", "'a'", "'fat':2A,4B 'it''s':1 'ü':3")
              .empty("")
              .large(
                  n ->
                      "(SELECT array_to_tsvector(array_agg(lpad(i::text, 30, 'w')))"
                          + " FROM generate_series(1, "
                          + Math.min(n, 1_000_000) / 34
                          + ") i)"),
          type("tsquery", "'a'", "'fat':AB & ( 'rat' | !'cat':* ) <2> 'it''s'").empty(""),
          type("point", "(-1e+300,0)", "(1.5,Infinity)", "(NaN,-0)"),
          type("line", "{-1,0,5}", "{1.5,-2,3}"),
          type("lseg", "[(0,0),(1,1)]", "[(-1.5,2),(3,1e+20)]"),
          type("box", "(1,1),(0,0)", "(3.5,4),(-1,1)"),
          type("path", "((0,0),(1,1))", "[(0,0),(1,1),(2.5,0)]")
              .large(
                  n -> "('[' || rtrim(repeat('(1.5,2.25),', " + n / 11 + "), ',') || ']')::path"),
          type("polygon", "((0,0))", "((0,0),(1,1),(2.5,0))")
              .large(
                  n ->
                      "('(' || rtrim(repeat('(1.5,2.25),', " + n / 11 + "), ',') || ')')::polygon"),
          type("circle", "<(0,0),0>", "<(1.5,-2),3>"),
          type("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF", "16/B374D848"),
          type("oid", "0", "4294967295", "26"),
          type("xid8", "0", "18446744073709551615"),
          type("pg_snapshot", "1:1:", "10:20:10,14,15").as("pg_snapshot"));

  private MatrixTypes() {}

  private static MatrixType text(String name) {
    return type(
            name,
            " ",
            "~",
            "NULL",
            "{\"a\",b}",
            "a\tb\nc\\",
            "ü€😀",
            "unchanged",
            "__debezium_unavailable_value",
            "it's")
        .empty("")
        .large(n -> "repeat('wide " + name.charAt(0) + " ', " + n / 7 + ")::" + name);
  }

  private static MatrixType range(String name, String... values) {
    return type(name, values).empty("empty");
  }

  private static MatrixType multirange(String prefix, String... values) {
    String name = prefix + "multirange";
    MatrixType type = type(name, values).empty("{}");
    return prefix.equals("int4")
        ? type.large(
            n ->
                "(SELECT range_agg(int4range(3 * i, 3 * i + 1)) FROM generate_series(1, "
                    + n / 16
                    + ") i)")
        : type;
  }
}
