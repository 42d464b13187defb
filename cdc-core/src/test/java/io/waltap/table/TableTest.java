package io.waltap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.table.Table.Component;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  private record User(String userId, int address2) {}

  private static final Row ROW = Rows.row("id int4", "1");

  @Test
  void rowsAreDeliveredAsTheyAre() {
    assertThat(Table.of("public.users").mapper().map(ROW)).isSameAs(ROW);
    assertThat(Table.of("public.users", Row.class).mapper().map(ROW)).isSameAs(ROW);
    assertThat(Table.of("public.users", Row.class).components()).isEmpty();
  }

  @Test
  void aMapperOfOnesOwnIsUsed() {
    Table<String> table = Table.of("public.users", row -> "user " + row.getString("id"));

    assertThat(table.mapper().map(ROW)).isEqualTo("user 1");
    assertThat(table.components()).isEmpty();
  }

  @Test
  void tellsWhatItWants() {
    assertThat(Table.of("public.users", User.class).components())
        .containsExactly(
            new Component("userId", List.of("userId", "user_id"), String.class),
            new Component("address2", List.of("address2", "address_2"), int.class));
  }

  @Test
  void tellsItsNameAndForm() {
    assertThat(Table.of("public.users").id()).isEqualTo(new TableId("public", "users"));
    assertThat(Table.of("public.users")).hasToString("public.users as Row");
    assertThat(Table.of("public.users", Row.class)).hasToString("public.users as Row");
    assertThat(Table.of("public.users", User.class)).hasToString("public.users as User");
    assertThat(Table.of("public.users", row -> row))
        .hasToString("public.users as what a RowMapper makes");
  }

  @Test
  void onlyAComponentCanBeGivenAColumn() {
    assertThatThrownBy(() -> Table.of("public.users", User.class).withColumn("user_id", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("User has no component 'user_id', it has [userId, address2]");
    assertThatThrownBy(() -> Table.of("public.users").withColumn("id", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
