package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.internal.decode.Conversions;
import java.io.IOException;
import java.lang.reflect.Method;
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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one looks up in the README is what the library does. */
class ReadmeReferenceTest {

  private static final Path CORE = Readme.ROOT.resolve("cdc-core/src/main/java/io/waltap");

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

  @Test
  void everyTypeCanBeReadAsTheTableSays() {
    List<String> wrong = new ArrayList<>();
    List<List<String>> rows = Readme.table("| PostgreSQL | Java | also |");
    for (List<String> row : rows) {
      List<String> javaTypes = Readme.code(row.get(1) + row.get(2));
      for (String type : Readme.code(row.get(0))) {
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
  void everySettingIsShownWithItsDefault(@TempDir Path folder) throws IOException {
    String shown = Readme.blocks("properties").get(0);
    Path file = Files.writeString(folder.resolve("waltap.properties"), shown);
    CdcConfig defaults =
        CdcConfig.postgres("jdbc:postgresql://localhost:5432/financial_db", "cdc", "secret");

    assertThat(CdcConfig.load(file)).hasToString(defaults.toString());
    assertThat(Readme.all("waltap\\.([a-z-]+)=", shown))
        .containsExactlyInAnyOrderElementsOf(settings());
  }

  private static List<String> settings() {
    return Stream.of(CdcConfig.Builder.class.getMethods())
        .filter(method -> method.getReturnType() == CdcConfig.Builder.class)
        .map(Method::getName)
        .filter(name -> !name.equals("debezium"))
        .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
  }

  @Test
  void everyKeyOfTheConnectorThatIsHonouredIsShown() {
    String source = Readme.read(CORE.resolve("config/ConnectorKeys.java"));
    String known = source.substring(0, source.indexOf("WITHOUT_EFFECT = Set.of"));
    List<String> shown =
        Readme.lines().stream()
            .filter(line -> line.startsWith("Of the JSON these keys are honoured:"))
            .flatMap(line -> Readme.code(line).stream())
            .filter(word -> word.contains(".") && !word.contains("("))
            .toList();

    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Readme.all("\"([a-z]+(?:\\.[a-z]+)+)\"", known).stream()
                .filter(key -> !key.startsWith("io."))
                .toList());
  }
}
