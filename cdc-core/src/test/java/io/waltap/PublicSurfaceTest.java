package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public type is a promise: to add one means to edit this list. */
class PublicSurfaceTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.waltap");

  private static final List<String> SURFACE =
      List.of(
          "io.waltap.CdcException",
          "io.waltap.config.CdcConfig",
          "io.waltap.config.SnapshotMode",
          "io.waltap.config.SslMode",
          "io.waltap.config.UnchangedPolicy",
          "io.waltap.CdcEngine",
          "io.waltap.EngineStatus",
          "io.waltap.deadletter.JdbcDeadLetters",
          "io.waltap.event.ChangeEvent",
          "io.waltap.event.ChangeJson",
          "io.waltap.event.ChangeMetadata",
          "io.waltap.event.Column",
          "io.waltap.event.LogicalMessage",
          "io.waltap.event.Lsn",
          "io.waltap.event.Operation",
          "io.waltap.event.Row",
          "io.waltap.event.SchemaChange",
          "io.waltap.event.SlotStatus",
          "io.waltap.event.TableId",
          "io.waltap.event.Transaction",
          "io.waltap.listener.BatchListener",
          "io.waltap.listener.ChangeListener",
          "io.waltap.listener.EngineListener",
          "io.waltap.listener.EngineState",
          "io.waltap.listener.FailureHandler",
          "io.waltap.listener.JdbcListener",
          "io.waltap.listener.MessageListener",
          "io.waltap.listener.SchemaListener",
          "io.waltap.listener.SlotListener",
          "io.waltap.listener.TransactionListener",
          "io.waltap.offset.FileOffsetStore",
          "io.waltap.offset.InMemoryOffsetStore",
          "io.waltap.offset.JdbcOffsetStore",
          "io.waltap.offset.Offset",
          "io.waltap.offset.OffsetStore",
          "io.waltap.preflight.PreflightFacts",
          "io.waltap.preflight.PreflightReport",
          "io.waltap.preflight.Problem",
          "io.waltap.table.RowMapper",
          "io.waltap.table.Table");

  @Test
  void publicTypesAreThese() {
    assertThat(publicTypes().filter(type -> !internal(type)).map(JavaClass::getName))
        .containsExactlyInAnyOrderElementsOf(SURFACE);
  }

  @Test
  void publicTypesAreFew() {
    assertThat(SURFACE).hasSizeLessThanOrEqualTo(40);
  }

  /**
   * What one room shows the others; a class marked {@code by name} is created by Debezium or by the
   * driver.
   */
  private static final Map<String, List<String>> DOORS =
      Map.of(
          "connection",
              List.of(
                  "Connections",
                  "KeepAliveSockets", // by name
                  "Line",
                  "PasswordException",
                  "Transience"),
          "debezium",
              List.of(
                  "Capture",
                  "DebeziumConnections", // by name
                  "DebeziumSource",
                  "Heartbeat",
                  "StoredOffset", // by name
                  "WalTapConnector", // by name
                  "WalTapTask"), // by name
          "decode", List.of("Conversions", "RowLayout", "Texts"),
          "dispatch",
              List.of(
                  "AbandonedException",
                  "Delivering",
                  "DeliveryException",
                  "Dispatcher",
                  "Flow",
                  "Listeners",
                  "Replayer",
                  "SourceEvent",
                  "Subscription"),
          "engine",
              List.of(
                  "ChangeSource",
                  "Engine",
                  "Pulse",
                  "Sources",
                  "StoreLostException",
                  "UnavailableException"),
          "preflight", List.of("Preflight", "ServerFacts", "StartPoint"));

  @Test
  void internalRoomsHaveTheseDoors() {
    Map<String, List<String>> doors =
        publicTypes()
            .filter(PublicSurfaceTest::internal)
            .collect(
                Collectors.groupingBy(
                    type -> type.getPackageName().substring("io.waltap.internal.".length()),
                    Collectors.mapping(
                        JavaClass::getSimpleName,
                        Collectors.collectingAndThen(
                            Collectors.toList(), names -> names.stream().sorted().toList()))));

    assertThat(doors)
        .as("an internal room shows its entry class and what others must hand in or catch")
        .containsExactlyInAnyOrderEntriesOf(DOORS);
  }

  private static Stream<JavaClass> publicTypes() {
    return MAIN.stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
  }

  private static boolean internal(JavaClass type) {
    return type.getPackageName().startsWith("io.waltap.internal.");
  }
}
