package io.waltap.generator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What happens besides rows. */
final class ExtraOptions {

  @Option(
      names = "--rollbacks",
      description = "The share of transactions that are rolled back; default: 0.")
  private Double rollbacks = 0.0;

  @Option(
      names = "--long-every",
      description = "Every so many transactions of a writer one stays open; default: 0, none.")
  private Integer longEvery = 0;

  @Option(names = "--long-for", description = "For so long; default: 5s.")
  private Duration longFor = Extras.NONE.longFor();

  @Option(
      names = "--ddl-every",
      description =
          "Every so many transactions of the first writer a column comes, or changes its name;"
              + " default: 0, never.")
  private Integer ddlEvery = 0;

  @Option(
      names = "--messages",
      paramLabel = "PREFIX",
      description = "Each transaction begins with a logical message of this prefix.")
  private @Nullable String messages;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  Extras extras() {
    if (longEvery == 0 && ShapeOptions.isGiven(command, "--long-for")) {
      throw new IllegalArgumentException(
          "No transaction is to stay open: give --long-every too, or leave --long-for out.");
    }
    return new Extras(rollbacks, longEvery, longFor, ddlEvery, messages);
  }
}
