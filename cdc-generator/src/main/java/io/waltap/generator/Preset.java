package io.waltap.generator;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Workloads with a name: each is a set of defaults, which any option overrides. */
enum Preset {
  /** A small stream to look at. */
  QUICKSTART("rate=20 count=1000 rows-per-transaction=1..5"),
  /** A long and even day, with accounts. */
  STEADY("rate=500 duration=10m writers=4 accounts=true"),
  /** Quiet, with ten times as much in the first tenth of every half minute. */
  BURST(
      "rate=200 peak=2000 shape=burst period=30s duration=10m writers=4"
          + " rows-per-transaction=1..50"),
  /** As much as the server takes. */
  BULK_LOAD("count=1000000 insert=copy mix=insert=1 rows-per-transaction=10000 writers=2"),
  /** Everything that a consumer must cope with, at once. */
  CHAOS(
      "rate=500 peak=2000 shape=sine period=1m duration=10m writers=4"
          + " mix=insert=500,update=250,delete=150,key=99,truncate=1 rows-per-transaction=1..200"
          + " payload=10..20000 rollbacks=0.1 long-every=200 long-for=5s ddl-every=500"
          + " messages=chaos"),
  /** Values that the server stores apart from their rows. */
  WIDE("rate=100 duration=5m payload=2000..100000");

  private final String options;

  Preset(String options) {
    this.options = options;
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  static Preset parse(String text) {
    for (Preset preset : values()) {
      if (preset.word().equals(text)) {
        return preset;
      }
    }
    throw new IllegalArgumentException(
        "There is no preset '"
            + text
            + "': it is quickstart, steady, burst, bulk-load, chaos or wide.");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** By the option's name, without dashes. */
  Map<String, String> defaults() {
    return Stream.of(options.split(" "))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
  }
}
