package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arguments that make no sense; nothing here reaches a server. */
class GeneratorCommandTest {

  private static final String URL = "jdbc:postgresql://localhost:1/financial_db";

  @Test
  void asksForUrlAndUser() {
    refused(Run.of(), "Missing required options: '--url=<url>', '--user=<user>'");
  }

  @Test
  void refusesAnotherDatabase() {
    refused(
        Run.of("--url", "jdbc:mysql://me:top-secret@localhost/db", "--user", "me"),
        "The URL is not one of PostgreSQL: write it like"
            + " jdbc:postgresql://localhost:5432/financial_db.");
  }

  @Test
  void malformedUrlIsNotQuotedBecauseItMayHoldThePassword() {
    refused(
        Run.of("--url", "jdbc:postgresql://localhost:port/db?password=top-secret", "--user", "me"),
        "The URL is not one of PostgreSQL: write it like"
            + " jdbc:postgresql://localhost:5432/financial_db.");
  }

  @Test
  void refusesContradictoryEnds() {
    refused(
        run("--count", "5", "--duration", "5s"),
        "A workload ends by count or by duration: give one.");
  }

  @Test
  void refusesNumbersThatMakeNoSense() {
    refused(run("--rate", "-1"), "The rate is -1.0: it must be 0 or more.");
    refused(run("--count", "-5"), "The count is -5: it must be 1 or more.");
    refused(run("--duration", "-5s"), "The duration is PT-5S: it must be longer than 0.");
    refused(
        run("--rows-per-transaction", "0"),
        "The number of rows in a transaction is 0: it must be 1 or more.");
    refused(run("--rate", "x"), "Invalid value for option '--rate': 'x' is not a number.");
    refused(run("--seed", "x"), "Invalid value for option '--seed': 'x' is not a whole number.");
  }

  @Test
  void refusesUnknownWords() {
    refused(
        run("--mix", "upsert=1"),
        "Invalid value for option '--mix': Unknown word 'upsert' in the mix:"
            + " write it like insert=70,update=20,delete=10.");
    refused(
        run("--currency", "USD,DOLLAR"),
        "Unknown currency 'DOLLAR': use ISO 4217 codes such as USD, GBP or EUR.");
    refused(
        run("--duration", "soon"),
        "Invalid value for option '--duration': 'soon' is not a duration:"
            + " write it like 20s, 5m or PT20S.");
  }

  @Test
  void misspeltOptionsDoNotShowThePasswordThatFollows() {
    refused(run("--passwrod", "top-secret"), "There is no option '--passwrod': see --help.");
    refused(run("--passwrod=top-secret"), "There is no option '--passwrod': see --help.");
    refused(run("-ptop-secret"), "There is no option '-p': see --help.");
    refused(run("top-secret"), "There is a value that belongs to no option: see --help.");
  }

  @Test
  void helpExplainsEveryOption() {
    Run help = Run.of("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("--url", "--user", "--password", "--rate", "--count", "--duration")
        .contains("--mix", "--rows-per-transaction", "--seed", "--start", "--currency");
  }

  private static Run run(String... more) {
    return Run.of(
        Stream.concat(Stream.of("--url", URL, "--user", "me"), Stream.of(more))
            .toArray(String[]::new));
  }

  private static void refused(Run run, String sentence) {
    assertThat(run.err()).isEqualTo(sentence + System.lineSeparator());
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
