package io.waltap;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which room may know which, and what a guest in somebody's process never does. */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.waltap");

  private static final String[] PUBLIC_ROOMS = {
    "io.waltap.config",
    "io.waltap.event",
    "io.waltap.table",
    "io.waltap.listener",
    "io.waltap.offset",
    "io.waltap.deadletter",
    "io.waltap.preflight"
  };

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching("io.waltap.(**)")
            .should()
            .beFreeOfCycles()
            .because("two rooms that need each other are one: move what both need below them"));
  }

  @Test
  void oneRoomKnowsDebezium() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.waltap.internal.debezium")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.debezium..", "org.apache.kafka..")
            .because("only internal.debezium does; hand over our own types at the seam"));
  }

  @Test
  void publicRoomsKnowNothingInternal() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PUBLIC_ROOMS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.waltap.internal..")
            .because("only the root wires public types to internal ones; do it in CdcEngine"));
  }

  @Test
  void nothingKnowsTheRoot() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.waltap")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.waltap")
            .because("the root is the roof: move what is needed below into a room of its own"));
  }

  /** Rooms by the last part of their name; those of the internal ones have a dot before it. */
  @ParameterizedTest
  @CsvSource({
    "event, ''",
    "config, ''",
    "preflight, event",
    "offset, event",
    "deadletter, event",
    "listener, event",
    "table, event",
    ".decode, event",
    ".connection, config",
    ".dispatch, .decode .connection deadletter listener table event",
    ".engine, .dispatch .connection config deadletter offset listener event",
    ".debezium, .engine .dispatch .decode .connection config offset event listener",
    ".preflight, preflight config offset table .decode .connection event"
  })
  void roomsKnowOnlyTheirNeighbours(String room, String neighbours) {
    String[] known =
        Stream.concat(Stream.of(room), Stream.of(neighbours.split(" ")))
            .filter(name -> !name.isEmpty())
            .map(ArchitectureTest::room)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(room(room))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("io.waltap..")
                    .and(DescribedPredicate.not(resideInAnyPackage(known))))
            .because(
                "arrows point one way: pass in what is needed, or draw a new arrow here if it makes"
                    + " no cycle"));
  }

  private static String room(String name) {
    return name.startsWith(".") ? "io.waltap.internal" + name : "io.waltap." + name;
  }

  @Test
  void publicClassesAreNotMadeToBeExtended() {
    DescribedPredicate<JavaClass> closed =
        describe(
            "final, sealed, interface, record, enum or exception",
            type ->
                type.isInterface()
                    || type.isEnum()
                    || type.getModifiers().contains(FINAL)
                    || type.isAssignableTo(Throwable.class)
                    || (type.getModifiers().contains(ABSTRACT) && type.reflect().isSealed()));
    check(
        classes()
            .that()
            .arePublic()
            .and()
            .resideOutsideOfPackage("io.waltap.internal..")
            .should(be(closed))
            .because("what can be extended can never change: make it final"));
  }

  @Test
  void leavesTheProcessToItsOwner() {
    check(
        noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .orShould()
            .callMethod(Runtime.class, "addShutdownHook", Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.net.ServerSocket.class)
            .because(
                "a library is a guest: log through slf4j, throw, and let the application decide"));
  }

  @Test
  void neverSleeps() {
    check(
        noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .because("a sleeper does not see close(): wait on a condition with a timeout"));
  }

  @Test
  void propertiesStayAtTheEdge() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.waltap.internal.debezium", "io.waltap.internal.connection", "io.waltap.config")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Properties.class)
            .because("settings have names and types: use CdcConfig"));
  }

  @Test
  void timesAreJavaTime() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Date.class)
            .because("java.util.Date and its java.sql children know no zone: use java.time"));
  }

  @Test
  void packagesAreNamedAfterWhatTheyDo() {
    check(
        noClasses()
            .should()
            .resideInAnyPackage(
                "..util..", "..utils..", "..common..", "..helper..", "..impl..", "..misc..")
            .because("such a name says nothing: put the class in the room of its concern"));
  }

  /** Rooms that nobody moved into yet are fine. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
