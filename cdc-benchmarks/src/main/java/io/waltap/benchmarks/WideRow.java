package io.waltap.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A row of sixty columns, twelve types five times over, as an application would have it. */
record WideRow(
    long big1,
    short small1,
    int whole1,
    BigDecimal exact1,
    double real1,
    boolean flag1,
    String text1,
    String code1,
    Instant moment1,
    LocalDateTime wall1,
    LocalDate day1,
    UUID ident1,
    long big2,
    short small2,
    int whole2,
    BigDecimal exact2,
    double real2,
    boolean flag2,
    String text2,
    String code2,
    Instant moment2,
    LocalDateTime wall2,
    LocalDate day2,
    UUID ident2,
    long big3,
    short small3,
    int whole3,
    BigDecimal exact3,
    double real3,
    boolean flag3,
    String text3,
    String code3,
    Instant moment3,
    LocalDateTime wall3,
    LocalDate day3,
    UUID ident3,
    long big4,
    short small4,
    int whole4,
    BigDecimal exact4,
    double real4,
    boolean flag4,
    String text4,
    String code4,
    Instant moment4,
    LocalDateTime wall4,
    LocalDate day4,
    UUID ident4,
    long big5,
    short small5,
    int whole5,
    BigDecimal exact5,
    double real5,
    boolean flag5,
    String text5,
    String code5,
    Instant moment5,
    LocalDateTime wall5,
    LocalDate day5,
    UUID ident5) {

  /** A column of each type: its name, its type, and its value in row {@code n}. */
  private record Sort(String name, String type, String value) {}

  private static final int TIMES = 5;

  private static final Sort[] SORTS = {
    new Sort("big", "bigint", "n"),
    new Sort("small", "smallint", "(n % 30000)::smallint"),
    new Sort("whole", "integer", "(n % 1000000)::integer + 3"),
    new Sort("exact", "numeric", "(n::bigint * 7919 % 99000 / 100.0)::numeric(12, 2) + 3"),
    new Sort("real", "double precision", "n / 8.0 + 3"),
    new Sort("flag", "boolean", "n % 2 = 0"),
    new Sort("text", "text", "'Schuppe, Kirlin and Weissnat ' || n"),
    new Sort("code", "varchar(20)", "'DISCOUNT' || n % 100"),
    new Sort("moment", "timestamptz", "timestamptz '2026-01-01 00:00+00' + n * interval '123 ms'"),
    new Sort("wall", "timestamp", "timestamp '2026-01-01' + n * interval '77 ms'"),
    new Sort("day", "date", "date '2026-01-01' + (n % 1000)::integer"),
    new Sort("ident", "uuid", "('7a1f3c52-0b9d-4e86-9c1d-' || lpad(to_hex(n + 3), 12, '0'))::uuid")
  };

  /** The statement that makes the table; the first column is the primary key. */
  static String createTable() {
    return "CREATE TABLE public.wide (%s, PRIMARY KEY (big1))"
        .formatted(join(sort -> sort.name + "# " + sort.type + " NOT NULL"));
  }

  /** The names of the columns. */
  static String columns() {
    return join(sort -> sort.name + "#");
  }

  /** The values of row {@code n} but for the key. */
  static String values() {
    String all = join(Sort::value);
    return all.substring(all.indexOf(", ") + 2);
  }

  /** All columns; their number takes the place of the {@code #}. */
  private static String join(Function<Sort, String> text) {
    return IntStream.rangeClosed(1, TIMES)
        .boxed()
        .flatMap(i -> Stream.of(SORTS).map(text).map(t -> t.replace("#", Integer.toString(i))))
        .collect(Collectors.joining(", "));
  }
}
