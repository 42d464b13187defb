package io.waltap.generator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens besides rows.
 *
 * @param rollbacks the share of transactions that are rolled back, from 0 to less than 1
 * @param longEvery every so many transactions one stays open for {@code longFor}; 0: none
 * @param longFor how long
 * @param ddlEvery every so many transactions the column {@code generator_note} comes, or changes
 *     its name; 0: never
 * @param messages the prefix of the logical message that each transaction begins with; null: none
 */
public record Extras(
    double rollbacks, int longEvery, Duration longFor, int ddlEvery, @Nullable String messages) {

  /** Nothing. */
  public static final Extras NONE = new Extras(0, 0, Duration.ofSeconds(5), 0, null);

  /**
   * @throws IllegalArgumentException if a number is out of its bounds
   */
  public Extras {
    Workload.require(
        rollbacks >= 0 && rollbacks < 1, "The share of rollbacks", rollbacks, "from 0 to below 1");
    Workload.require(longEvery >= 0, "The distance of long transactions", longEvery, "0 or more");
    Workload.require(!longFor.isNegative(), "The length of long ones", longFor, "0 or more");
    Workload.require(ddlEvery >= 0, "The distance of DDL", ddlEvery, "0 or more");
  }
}
