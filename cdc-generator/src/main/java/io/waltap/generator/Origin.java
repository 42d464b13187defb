package io.waltap.generator;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the rows of a workload come from. Without a seed every run differs. */
record Origin(
    @Nullable Long seed, @Nullable LocalDateTime start, List<String> currencies, Locale locale) {

  TransactionGenerator generator(int writer) {
    if (seed == null) {
      return TransactionGenerator.unseeded(currencies, locale);
    }
    LocalDateTime first = start == null ? TransactionGenerator.DEFAULT_START : start;
    return TransactionGenerator.seeded(seed, writer, first, currencies, locale);
  }

  AccountSchema accounts() {
    return new AccountSchema(World.of(locale), currencies);
  }
}
