package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.TableId;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table.Component;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ComponentCheckTest {

  private static final TableId ORDERS = new TableId("public", "orders");

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", "int8", 'b', false, false),
          new Column("user_id", "text", 'b', true, false),
          new Column("amount", "numeric", 'b', true, false),
          new Column("unit", "unit", 'e', true, false));

  /** Stands for the decoder: texts hold everything, numbers hold numbers. */
  private final ComponentCheck check =
      new ComponentCheck(
          (column, type) ->
              type == String.class
                  || (column.enumerated() && type == TimeUnit.class)
                  || (column.type().equals("numeric") && type == BigDecimal.class)
                  || (column.type().equals("int8") && (type == long.class || type == Long.class)));

  @Test
  void takesWhatFits() {
    assertThat(
            check.problems(
                ORDERS,
                List.of(
                    component("id", long.class),
                    component("amount", BigDecimal.class),
                    component("unit", TimeUnit.class),
                    component("unit", String.class)),
                COLUMNS))
        .isEmpty();
  }

  @Test
  void fillsFromTheFirstNameThatExists() {
    Component component = new Component("userId", List.of("userId", "user_id"), String.class);

    assertThat(ComponentCheck.filling(component, COLUMNS)).contains(COLUMNS.get(1));
    assertThat(check.problems(ORDERS, List.of(component), COLUMNS)).isEmpty();
  }

  @Test
  void namesTheColumnsThereAre() {
    assertProblem(
        Code.COMPONENT_WITHOUT_COLUMN,
        new Component("merchantName", List.of("merchant_name", "merchantName"), String.class),
        "The component merchantName has no column in public.orders (looked for merchant_name or"
            + " merchantName); there are id, user_id, amount and unit.",
        "Rename the component after a column, or remove it.");
  }

  @Test
  void namesTheColumnThatWasMeant() {
    assertProblem(
        Code.COMPONENT_WITHOUT_COLUMN,
        new Component("usrId", List.of("usr_id", "usrId"), String.class),
        "The component usrId has no column in public.orders (looked for usr_id or usrId); there are"
            + " id, user_id, amount and unit.",
        "Rename the component after the column user_id.");
  }

  @Test
  void namesTypesThatFit() {
    assertProblem(
        Code.COMPONENT_TYPE,
        component("amount", Instant.class),
        "The component amount (Instant) cannot hold the column amount (numeric) of public.orders.",
        "Declare the component as BigDecimal or String.");
  }

  @Test
  void namesWhatHoldsAnEnum() {
    assertProblem(
        Code.COMPONENT_TYPE,
        component("unit", Long.class),
        "The component unit (Long) cannot hold the column unit (unit) of public.orders.",
        "Declare the component as String or as an enum.");
  }

  @Test
  void refusesPrimitiveForWhatMayBeNull() {
    ComponentCheck lenient = new ComponentCheck((column, type) -> true);

    assertThat(lenient.problems(ORDERS, List.of(component("amount", double.class)), COLUMNS))
        .containsExactly(
            new Problem(
                Code.COMPONENT_NOT_NULLABLE,
                "The component amount (double) cannot be null, but the column amount (numeric) of"
                    + " public.orders can.",
                "Declare the component as Double, or ALTER TABLE public.orders ALTER COLUMN amount"
                    + " SET NOT NULL;"));
  }

  @Test
  void showsGenericTypesWithoutTheirPackages() throws NoSuchFieldException {
    Type listOfUnits = Generic.class.getDeclaredField("units").getGenericType();

    assertProblem(
        Code.COMPONENT_TYPE,
        component("amount", listOfUnits),
        "The component amount (List<TimeUnit>) cannot hold the column amount (numeric) of"
            + " public.orders.",
        "Declare the component as BigDecimal or String.");
  }

  private record Generic(List<TimeUnit> units) {}

  private void assertProblem(Code code, Component component, String what, String remedy) {
    assertThat(check.problems(ORDERS, List.of(component), COLUMNS))
        .containsExactly(new Problem(code, what, remedy));
  }

  private static Component component(String name, Type type) {
    return new Component(name, List.of(name), type);
  }
}
