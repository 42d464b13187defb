package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arguments that make no sense; nothing here reaches a server. */
class GeneratorCommandTest {

  private static final String URL = "jdbc:postgresql://localhost:1/financial_db";

  @Test
  void asksForUrlAndUser() {
    refused(Run.of(), "It is not said where to write: give --url and --user.");
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
        "Invalid value for option '--rows-per-transaction': It is 0: it must be 1 or more.");
    refused(
        run("--rollbacks", "1"), "The share of rollbacks is 1.0: it must be from 0 to below 1.");
    refused(run("--writers", "0"), "The number of writers is 0: it must be 1 to 1000.");
    refused(run("--rate", "x"), "Invalid value for option '--rate': 'x' is not a number.");
    refused(run("--seed", "x"), "Invalid value for option '--seed': 'x' is not a whole number.");
  }

  @Test
  void refusesWhatContradicts() {
    refused(
        run("--rate", "5", "--peak", "9"),
        "A steady rate has no peak: give a --shape too, or leave --peak out.");
    refused(
        run("--shape", "burst"), "The shape burst needs a rate to start from: give one above 0.");
    refused(
        run("--shape", "ramp", "--rate", "5", "--peak", "2"),
        "The peak is 2.0: it must be the rate or more.");
    refused(
        run("--accounts", "--insert", "copy"),
        "Accounts go with rows one by one, without payload and truncate: leave those out.");
    refused(run("--format", "json"), "A format is for rows that are printed: give --dry-run too.");
  }

  @Test
  void refusesWhatWouldBePassedOver() {
    refused(
        run("--rate", "5", "--period", "9s"),
        "A steady rate has no period: give a --shape too, or leave --period out.");
    refused(
        run("--long-for", "9s"),
        "No transaction is to stay open: give --long-every too, or leave --long-for out.");
  }

  @Test
  void aPresetMayBeMadeSteady() {
    for (String preset : List.of("burst", "chaos")) {
      Run run = Run.of("--dry-run", "--preset", preset, "--shape", "steady");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
    }
    assertThat(Run.of("--dry-run", "--preset", "chaos", "--long-every", "0").err()).isEmpty();
  }

  @Test
  void dryRunRefusesWhatARealRunRefuses() {
    refused(
        Run.of("--dry-run", "--shape", "burst", "--rate", "-5"),
        "The rate is -5.0: it must be 0 or more.");
    refused(
        Run.of("--dry-run", "--start", "2001-02-03T04:05:06"),
        "A start time is for repeatable runs: give a seed too.");
    refused(Run.of("--dry-run", "--count", "0"), "The count is 0: it must be 1 or more.");
  }

  @Test
  void localesMayHaveAnUnderscore() {
    assertThat(Run.of("--dry-run", "--seed", "3", "--locale", "de_DE"))
        .isEqualTo(Run.of("--dry-run", "--seed", "3", "--locale", "de-DE"))
        .isNotEqualTo(Run.of("--dry-run", "--seed", "3"));
    refused(
        Run.of("--dry-run", "--locale", "?"),
        "Invalid value for option '--locale': '?' is not a locale: write it like de-DE.");
  }

  @Test
  void dryRunPrintsRowsWithoutAServer() {
    Run csv = Run.of("--dry-run", "--seed", "3");
    assertThat(csv.exitCode()).isZero();
    assertThat(csv.out().lines())
        .hasSize(11)
        .first()
        .isEqualTo(
            "transaction_id,user_id,timestamp,amount,currency,city,country,merchant_name,"
                + "payment_method,ip_address,voucher_code,affiliate_id");
    assertThat(Run.of("--dry-run", "--seed", "3").out()).isEqualTo(csv.out());
    assertThat(Run.of("--dry-run", "--seed", "4").out()).isNotEqualTo(csv.out());
  }

  @Test
  void dryRunPrintsJsonLinesThatAParserReads() throws Exception {
    Run json = Run.of("--dry-run", "--seed", "3", "--count", "50", "--format", "json");
    List<String> lines = json.out().lines().toList();
    assertThat(lines).hasSize(50);
    GeneratedTransaction first = TransactionGenerator.seeded(3).next();
    JsonNode row = new ObjectMapper().readTree(lines.get(0));
    assertThat(row.get("merchant_name").asText()).isEqualTo(first.merchantName());
    assertThat(row.get("amount").decimalValue()).isEqualByComparingTo(first.amount());
    assertThat(row.size()).isEqualTo(12);
  }

  @Test
  void flagsComeBeforeEnvironmentFileAndPreset(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("generator.properties"), "count=4\nformat=json\n");
    String[] args = {"--dry-run", "--preset", "quickstart", "--config", file.toString()};
    assertThat(Run.of("--dry-run", "--preset", "quickstart").out().lines()).hasSize(1_001);
    assertThat(Run.of(args).out().lines()).hasSize(4).allMatch(line -> line.startsWith("{"));
    Map<String, String> environment = Map.of("WALTAP_COUNT", "3");
    assertThat(Run.in(environment, args).out().lines()).hasSize(3);
    assertThat(
            Run.in(environment, "--dry-run", "--count", "2", "--config", file.toString())
                .out()
                .lines())
        .hasSize(2);
  }

  @Test
  void refusesWrongFilesAndPresets(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("generator.properties"), "raet=4\n");
    refused(
        run("--config", file.toString()),
        "There is no option 'raet', which the file of --config sets.");
    refused(
        run("--config", "nowhere.properties"),
        "The file nowhere.properties of --config cannot be read: correct it.");
    refused(
        run("--preset", "fast"),
        "Invalid value for option '--preset': There is no preset 'fast': it is quickstart,"
            + " steady, burst, bulk-load, chaos or wide.");
  }

  @Test
  void completionIsAScriptForTheShell() {
    Run run = Run.of("generate-completion");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--rows-per-transaction", "complete -F");
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
        .contains("--mix", "--rows-per-transaction", "--seed", "--start", "--currency")
        .contains("Exit codes:", "WALTAP_RATE", "generate-completion", "--preset", "--writers")
        .contains("alias cdc-generator='java -jar cdc-generator.jar'");
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
