package io.waltap.internal.decode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Dates and times in the ISO style, read character by character: a formatter would cost more than
 * all the rest of a row. Years may have more than four digits or end in BC.
 */
final class TemporalText {

  private static final String BC = " BC";

  private final String text;
  private final boolean beforeChrist;
  private final int end;
  private int at;

  private TemporalText(String text) {
    this.text = text;
    this.beforeChrist = text.endsWith(BC);
    this.end = beforeChrist ? text.length() - BC.length() : text.length();
    if (text.endsWith("infinity")) {
      throw new UnreadableException("infinity has no such form; read it as String");
    }
  }

  static LocalDate date(String text) {
    TemporalText reader = new TemporalText(text);
    LocalDate date = reader.date();
    return reader.whole(date);
  }

  static LocalTime time(String text) {
    TemporalText reader = new TemporalText(text);
    LocalTime time = reader.time();
    return reader.whole(time);
  }

  static OffsetTime offsetTime(String text) {
    TemporalText reader = new TemporalText(text);
    OffsetTime time = OffsetTime.of(reader.time(), reader.offset());
    return reader.whole(time);
  }

  static LocalDateTime dateTime(String text) {
    TemporalText reader = new TemporalText(text);
    LocalDateTime dateTime = reader.dateTime();
    return reader.whole(dateTime);
  }

  static OffsetDateTime offsetDateTime(String text) {
    TemporalText reader = new TemporalText(text);
    OffsetDateTime dateTime = OffsetDateTime.of(reader.dateTime(), reader.offset());
    return reader.whole(dateTime);
  }

  static ZonedDateTime zonedDateTime(String text) {
    return offsetDateTime(text).toZonedDateTime();
  }

  static Instant instant(String text) {
    return offsetDateTime(text).toInstant();
  }

  private LocalDateTime dateTime() {
    LocalDate date = date();
    expect(' ');
    return LocalDateTime.of(date, time());
  }

  private LocalDate date() {
    int year = digit();
    while (peek() != '-') {
      year = Math.addExact(Math.multiplyExact(year, 10), digit());
    }
    expect('-');
    int month = twoDigits();
    expect('-');
    // The year before 1 AD is 1 BC to the server and 0 to Java.
    return LocalDate.of(beforeChrist ? 1 - year : year, month, twoDigits());
  }

  private LocalTime time() {
    int hour = twoDigits();
    expect(':');
    int minute = twoDigits();
    expect(':');
    int second = twoDigits();
    if (hour == 24) {
      throw new UnreadableException("24:00:00 has no such form; read it as String");
    }
    return LocalTime.of(hour, minute, second, nanos());
  }

  private int nanos() {
    if (peek() != '.') {
      return 0;
    }
    at++;
    int nanos = 0;
    int unit = 1_000_000_000;
    while (isDigit(peek())) {
      unit /= 10;
      nanos += unit * digit();
    }
    return nanos;
  }

  /** Hours, then minutes and seconds if there are any. */
  private ZoneOffset offset() {
    int sign = peek() == '-' ? -1 : 1;
    expect(sign < 0 ? '-' : '+');
    int seconds = twoDigits() * 3600;
    for (int unit = 60; unit > 0 && peek() == ':'; unit /= 60) {
      at++;
      seconds += twoDigits() * unit;
    }
    return ZoneOffset.ofTotalSeconds(sign * seconds);
  }

  private char peek() {
    return at < end ? text.charAt(at) : 0;
  }

  private int twoDigits() {
    return digit() * 10 + digit();
  }

  private int digit() {
    char c = peek();
    if (!isDigit(c)) {
      throw strange();
    }
    at++;
    return c - '0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void expect(char c) {
    if (peek() != c) {
      throw strange();
    }
    at++;
  }

  private <T> T whole(T value) {
    if (at != end) {
      throw strange();
    }
    return value;
  }

  private static UnreadableException strange() {
    return new UnreadableException("the value is not in DateStyle ISO");
  }
}
