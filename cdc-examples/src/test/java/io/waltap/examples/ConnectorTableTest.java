package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/configuration.md} says of a connector's JSON is what becomes of it. */
class ConnectorTableTest {

  private final List<List<String>> rows =
      Paper.CONFIGURATION.table("| key of the JSON | what becomes of it |");

  private final String source =
      Paper.read(Paper.ROOT.resolve("cdc-core/src/main/java/io/waltap/config/ConnectorKeys.java"));

  @Test
  void everyKeyThatIsHonouredIsShown() {
    String honoured = source.substring(0, source.indexOf("WITHOUT_EFFECT = Set.of"));

    assertThat(rows.stream().flatMap(row -> Paper.code(row.get(0)).stream()))
        .containsExactlyInAnyOrderElementsOf(
            Paper.all("\"([a-z]+(?:\\.[a-z]+)+)\"", honoured).stream()
                .filter(key -> !key.startsWith("io."))
                .toList());
  }

  @Test
  void everySettingThatTakesOneIsNamed() {
    List<String> entries =
        Paper.all("Map\\.entry\\(\"([^)]+)\"\\)", source).stream()
            .map(entry -> entry.split("\", \""))
            .map(entry -> entry[0] + " as waltap." + ReferenceTest.key(entry[1]))
            .toList();

    assertThat(rowsThatSay("`waltap.").filter(row -> Paper.code(row.get(0)).size() == 1))
        .map(row -> key(row) + " as " + Paper.code(row.get(1)).get(0))
        .containsExactlyInAnyOrderElementsOf(entries);
  }

  @Test
  void addressIsTheUrl() {
    assertThat(rowsThatSay("`waltap.url`").flatMap(row -> Paper.code(row.get(0)).stream()))
        .containsExactly("database.hostname", "database.port", "database.dbname");
    assertThat(load("database.port", "5433").url())
        .isEqualTo("jdbc:postgresql://db.example.com:5433/shop");
  }

  @Test
  void valuesThatAreFixedAreTakenAndOthersRefused() {
    assertThat(rowsThatSay("has to be"))
        .hasSize(5)
        .allSatisfy(
            row -> {
              for (String value : Paper.code(row.get(1))) {
                load(key(row), value);
              }
              assertThatIllegalArgumentException().isThrownBy(() -> load(key(row), "other"));
            });
  }

  @Test
  void wordsForNoSnapshotMeanNever() {
    assertThat(rowsThatSay("`waltap.snapshot-mode`; "))
        .singleElement()
        .satisfies(
            row ->
                assertThat(Paper.code(row.get(1)).stream().skip(1))
                    .hasSize(3)
                    .allSatisfy(
                        word ->
                            assertThat(load(key(row), word).snapshotMode())
                                .isEqualTo(SnapshotMode.NEVER)));
  }

  private Stream<List<String>> rowsThatSay(String beginning) {
    return rows.stream().filter(row -> row.get(1).startsWith(beginning));
  }

  private static String key(List<String> row) {
    return Paper.code(row.get(0)).get(0);
  }

  private static CdcConfig load(String key, String value) {
    return CdcConfig.fromConnectorJson(
        """
        {"database.hostname": "db.example.com", "database.dbname": "shop",
         "database.user": "cdc", "database.password": "secret", "%s": "%s"}
        """
            .formatted(key, value));
  }
}
