package io.waltap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.event.Column;
import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout;
import io.waltap.table.Table.Component;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordMapperTest {

  private record Account(String userId, int age, BigDecimal balance) {}

  private enum Mood {
    HAPPY
  }

  private static final RowLayout ACCOUNTS =
      Rows.layout("balance numeric", "extra text", "user_id text", "age int4");

  private static <T> T map(Class<T> type, Row row) {
    return Table.of("public.things", type).mapper().map(row);
  }

  @Test
  void fillsComponentsByNameWhateverTheOrder() {
    Row row = ACCOUNTS.row(new String[] {"1.50", "ignored", "ann", "42"});

    assertThat(map(Account.class, row)).isEqualTo(new Account("ann", 42, new BigDecimal("1.50")));
  }

  @Test
  void nullsStayNull() {
    Row row = ACCOUNTS.row(new @Nullable String[] {null, null, null, "42"});

    Account account = map(Account.class, row);

    assertThat(account.userId()).isNull();
    assertThat(account.balance()).isNull();
  }

  @Test
  void unchangedIsNullOnlyWhereAskedForAndPossible() {
    record Page(String body, Column<String> title) {}
    record Hits(int hits) {}
    RowLayout pages = Rows.layout("body text", "title text", "hits int4");
    Row row =
        pages.row(new String[] {RowLayout.UNCHANGED, RowLayout.UNCHANGED, RowLayout.UNCHANGED});
    Table<Page> table = Table.of("public.pages", Page.class).unchangedAsNull();

    Page page = table.withColumn("body", "body").mapper().map(row);

    assertThat(page.body()).isNull();
    assertThat(page.title()).isEqualTo(Column.unchanged());
    assertThatThrownBy(() -> map(Page.class, row))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("component 'body'", "was not sent", "as Column");
    assertThatThrownBy(
            () -> Table.of("public.pages", Hits.class).unchangedAsNull().mapper().map(row))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("component 'hits'", "was not sent");
  }

  @Test
  void theExactNameComesBeforeSnakeCase() {
    record User(String userId) {}
    Row row = Rows.layout("user_id text", "userId text").row(new String[] {"snake", "exact"});

    assertThat(map(User.class, row)).isEqualTo(new User("exact"));
  }

  @Test
  void mapsLocalAndPublicAndGenericRecords() {
    @SuppressWarnings("ArrayRecordComponent") // bytea has no other form
    record Tags(List<String> tags, Mood mood, byte[] blob, List<List<Integer>> matrix) {}
    Row row =
        Rows.layout("tags _text", "mood mood", "blob bytea", "matrix _int4")
            .row(new String[] {"{a,b}", "HAPPY", "\\x01", "{{1}}"});

    Tags tags = map(Tags.class, row);

    assertThat(tags.tags()).containsExactly("a", "b");
    assertThat(tags.mood()).isEqualTo(Mood.HAPPY);
    assertThat(tags.blob()).containsExactly(1);
    assertThat(tags.matrix()).containsExactly(List.of(1));
  }

  @Test
  void mapsTheTransactionOfTheWorkload() {
    record Transaction(
        String transactionId,
        LocalDateTime timestamp,
        BigDecimal amount,
        String ipAddress,
        Instant modifiedAt,
        JsonNode changeInfo) {}
    RowLayout layout =
        Rows.layout(
            "transaction_id text",
            "timestamp timestamp",
            "amount numeric",
            "ip_address text",
            "modified_at timestamptz",
            "change_info jsonb");

    Transaction transaction =
        map(
            Transaction.class,
            layout.row(
                new String[] {
                  "t1",
                  "2024-05-06 07:08:09.123456",
                  "10.00",
                  "127.0.0.1",
                  "2024-05-06 07:08:09+00",
                  "{\"amount\": {\"old\": 9.50}}"
                }));

    assertThat(transaction.timestamp()).isEqualTo("2024-05-06T07:08:09.123456");
    assertThat(transaction.amount()).isEqualTo(new BigDecimal("10.00"));
    assertThat(transaction.ipAddress()).isEqualTo("127.0.0.1");
    assertThat(transaction.modifiedAt()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(transaction.changeInfo()).hasToString("{\"amount\":{\"old\":9.50}}");
  }

  @Test
  void aRecordWithoutComponentsIsMadeFromAnyRow() {
    record Nothing() {}

    assertThat(map(Nothing.class, Rows.row("id int4", "1"))).isEqualTo(new Nothing());
    assertThat(map(Nothing.class, Rows.layout().row(new String[0]))).isEqualTo(new Nothing());
  }

  @Test
  void followsTheTableWhenItsColumnsChange() {
    record Named(String name) {}
    RowMapper<Named> mapper = Table.of("public.things", Named.class).mapper();
    RowLayout first = Rows.layout("id int4", "name text");
    RowLayout second = Rows.layout("name text", "id int4");

    assertThat(mapper.map(first.row(new String[] {"1", "a"}))).isEqualTo(new Named("a"));
    assertThat(mapper.map(second.row(new String[] {"b", "2"}))).isEqualTo(new Named("b"));
    assertThat(mapper.map(first.row(new String[] {"3", "c"}))).isEqualTo(new Named("c"));
  }

  @Test
  void anotherColumnCanBeNamed() {
    record User(String userId, int age) {}
    Table<User> table = Table.of("public.things", User.class);
    Table<User> renamed = table.withColumn("userId", "Customer No");
    Row row =
        Rows.layout("Customer No text", "user_id text", "age int4")
            .row(new String[] {"c", "u", "1"});

    assertThat(renamed.mapper().map(row)).isEqualTo(new User("c", 1));
    assertThat(table.mapper().map(row)).isEqualTo(new User("u", 1));
    assertThat(renamed.withColumn("age", "years").components())
        .containsExactly(
            new Component("userId", List.of("Customer No"), String.class),
            new Component("age", List.of("years"), int.class));
  }

  @Test
  void aComponentWithoutAColumnIsAnErrorThatNamesWhatThereIs() {
    Row row = Rows.layout("user text", "age int4").row(new String[] {"ann", "1"});

    assertThatThrownBy(() -> map(Account.class, row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "component 'userId' of Account, table public.things has no column userId or user_id"
                + " among [user, age]; rename it, or name its column with Table.withColumn");
  }

  @Test
  void aValueThatDoesNotFitIsAnErrorThatNamesComponentAndColumn() {
    Row row = ACCOUNTS.row(new String[] {"NaN", "", "ann", "42"});

    assertThatThrownBy(() -> map(Account.class, row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "component 'balance' of Account, table public.things", "column 'balance'", "NaN");
  }

  @Test
  void aTypeWithoutSuchAFormIsAnError() {
    record Wrong(Thread name) {}

    assertThatThrownBy(() -> map(Wrong.class, Rows.row("name text", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("component 'name' of Wrong", "java.lang.Thread");
  }

  @Test
  void aPrimitiveHoldsNoNull() {
    Row row = ACCOUNTS.row(new @Nullable String[] {"1", "", "ann", null});

    assertThatThrownBy(() -> map(Account.class, row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "component 'age' of Account, table public.things: column 'age' is null, which no int"
                + " holds; use its boxed type");
  }

  @Test
  void anUnchangedColumnIsAnErrorWithTheStatementThatMendsIt() {
    Row row = ACCOUNTS.row(new String[] {"1", "", RowLayout.UNCHANGED, "42"});

    assertThatThrownBy(() -> map(Account.class, row))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "component 'userId' of Account, table public.things",
            "column 'user_id'",
            "ALTER TABLE \"public\".\"things\" REPLICA IDENTITY FULL");
  }

  @Test
  void anUnchangedColumnThatNobodyWantsIsNoError() {
    Row row = ACCOUNTS.row(new String[] {"1", RowLayout.UNCHANGED, "ann", "42"});

    assertThat(map(Account.class, row).age()).isEqualTo(42);
  }

  @Test
  void whatTheConstructorThrowsIsThrown() {
    @SuppressWarnings("UnusedMethod") // called by reflection
    record Picky(int id) {
      Picky {
        throw new ArithmeticException("not " + id);
      }
    }

    assertThatThrownBy(() -> map(Picky.class, Rows.row("id int4", "7")))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("not 7");
  }
}
