package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.EngineStatus;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.internal.decode.Conversions;
import io.waltap.listener.EngineState;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one looks up in {@code docs} is what the library does. */
class ReferenceTest {

  private static final Map<String, Class<?>> TYPES =
      Stream.of(
              Short.class,
              Integer.class,
              Long.class,
              BigInteger.class,
              BigDecimal.class,
              Float.class,
              Double.class,
              Boolean.class,
              UUID.class,
              LocalDate.class,
              LocalTime.class,
              OffsetTime.class,
              LocalDateTime.class,
              Instant.class,
              OffsetDateTime.class,
              ZonedDateTime.class,
              byte[].class,
              JsonNode.class,
              Period.class,
              Duration.class,
              InetAddress.class,
              Lsn.class,
              Map.class,
              String.class)
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  /** Text is possible for every type, and Jackson makes maps of JSON. */
  private static final Set<String> ALWAYS_OR_BY_JACKSON = Set.of("String", "Map");

  @Test
  void everyTypeCanBeReadAsTheTableSays() {
    List<String> wrong = new ArrayList<>();
    List<List<String>> rows = Paper.TYPES.table("| PostgreSQL | Java | also |");
    for (List<String> row : rows) {
      List<String> javaTypes = Paper.code(row.get(1) + row.get(2));
      for (String type : Paper.code(row.get(0))) {
        javaTypes.stream()
            .filter(
                java -> !TYPES.containsKey(java) || !Conversions.supports(type, TYPES.get(java)))
            .forEach(java -> wrong.add(type + " as " + java));
      }
    }
    assertThat(rows).hasSizeGreaterThan(10);
    assertThat(wrong).isEmpty();
  }

  @Test
  void noTypeCanBeReadAsMoreThanTheTableSays() {
    List<String> unsaid = new ArrayList<>();
    for (List<String> row : Paper.TYPES.table("| PostgreSQL | Java | also |")) {
      List<String> javaTypes = Paper.code(row.get(1) + row.get(2));
      for (String type : Paper.code(row.get(0))) {
        TYPES.values().stream()
            .filter(java -> Conversions.supports(type, java))
            .map(Class::getSimpleName)
            .filter(java -> !javaTypes.contains(java) && !ALWAYS_OR_BY_JACKSON.contains(java))
            .forEach(java -> unsaid.add(type + " as " + java));
      }
    }
    assertThat(unsaid).isEmpty();
  }

  @Test
  void everySettingIsShownWithItsDefault(@TempDir Path folder) throws IOException {
    String shown = Paper.CONFIGURATION.blocks("properties").get(0);
    Path file = Files.writeString(folder.resolve("waltap.properties"), shown);
    CdcConfig defaults =
        CdcConfig.postgres("jdbc:postgresql://localhost:5432/financial_db", "cdc", "secret");

    assertThat(CdcConfig.load(file)).hasToString(defaults.toString());
    assertThat(Paper.all("waltap\\.([a-z-]+)=", shown))
        .containsExactlyInAnyOrderElementsOf(settings());
  }

  private static final String REQUIRED =
      "waltap.url=jdbc:postgresql://localhost/shop\nwaltap.user=cdc\nwaltap.password=secret\n";

  private static List<String> settings() {
    return Stream.of(CdcConfig.Builder.class.getMethods())
        .filter(method -> method.getReturnType() == CdcConfig.Builder.class)
        .map(Method::getName)
        .filter(name -> !name.equals("debezium"))
        .map(ReferenceTest::key)
        .distinct()
        .toList();
  }

  static String key(String setting) {
    return setting.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  @Test
  void everySettingThatIsNamedIsOne(@TempDir Path folder) throws IOException {
    List<String> files = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Paper paper : Paper.manual()) {
      files.addAll(paper.blocks("properties"));
      files.addAll(paper.spans().stream().filter(s -> s.matches("waltap\\.[a-z-]+=.+")).toList());
      for (String span : paper.spans()) {
        names.addAll(Paper.all("^waltap\\.([a-z-]+)$", span));
        names.addAll(Paper.all("^WALTAP_([A-Z_]+)$", span));
      }
    }
    names.remove("heartbeat"); // the prefix of messages

    assertThat(names.stream().map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-')))
        .isNotEmpty()
        .isSubsetOf(settings());
    for (String lines : files) {
      Path file = Files.writeString(folder.resolve("some.properties"), REQUIRED + lines);
      assertThatCode(() -> CdcConfig.load(file)).as(lines).doesNotThrowAnyException();
    }
  }

  @Test
  void everyColumnOfTheStatusAndEveryStateIsShown() {
    assertThat(named(Paper.OPERATIONS.table("| of `status()` | what it tells |")))
        .containsExactlyElementsOf(
            Stream.of(EngineStatus.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
    assertThat(named(Paper.OPERATIONS.table("| state | what the engine is doing |")))
        .containsExactlyElementsOf(Stream.of(EngineState.values()).map(Enum::name).toList());
  }

  private static List<String> named(List<List<String>> rows) {
    return rows.stream().flatMap(row -> Paper.code(row.get(0)).stream()).toList();
  }
}
