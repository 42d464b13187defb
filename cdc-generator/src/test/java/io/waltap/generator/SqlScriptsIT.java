package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts of {@code sql/} on a real server. */
class SqlScriptsIT {

  private static final String[] SCRIPTS = {
    "01-transactions.sql", "02-change-history.sql", "03-publication.sql", "04-role.sql"
  };

  private TestDatabase database;

  @BeforeEach
  void applyAndInsert() {
    database = TestDatabase.create();
    database.apply(SCRIPTS);
    database.execute(
        "INSERT INTO transactions (transaction_id, amount, city) VALUES ('a', 10.10, 'Rome')");
  }

  @AfterEach
  void drop() {
    database.execute("DROP OWNED BY cdc");
    database.close();
  }

  @Test
  void everyScriptRunsAgainWithoutHarm() {
    update("amount = 12.50");
    String before = database.value("SELECT t::text FROM transactions t");
    database.apply(SCRIPTS);
    assertThat(database.value("SELECT t::text FROM transactions t")).isEqualTo(before);
    assertThat(database.value("SELECT count(*) FROM pg_publication_tables")).isEqualTo("1");
  }

  @Test
  void insertLeavesNoHistory() {
    assertThat(database.value("SELECT count(*) FROM transactions WHERE change_info IS NULL"))
        .isEqualTo("1");
    assertThat(database.value("SELECT count(*) FROM transactions WHERE modified_by IS NULL"))
        .isEqualTo("1");
  }

  @Test
  void updateRecordsOldAndNewAmountDigitByDigit() {
    update("amount = 12.50");
    assertThat(changes()).isEqualTo("{\"amount\": {\"new\": 12.50, \"old\": 10.10}}");
    assertThat(database.value("SELECT amount FROM transactions")).isEqualTo("12.50");
  }

  @Test
  void hugeAndTinyAmountsStayExact() {
    update("amount = 12345678901234567890123.000000000000000000010");
    assertThat(changes()).contains("\"new\": 12345678901234567890123.000000000000000000010");
  }

  @Test
  void updateRecordsWhoAndWhenInBothPlaces() {
    update("amount = 12.50");
    assertThat(
            database.value(
                "SELECT modified_by = current_user AND modified_at > now() - interval '1 minute'"
                    + " AND change_info->>'modified_by' = modified_by"
                    + " AND (change_info->>'modified_at')::timestamptz = modified_at"
                    + " FROM transactions"))
        .isEqualTo("t");
  }

  @Test
  void updateRecordsEveryColumnThatChangedAndNoOther() {
    update("amount = 12.50, city = 'Rome', country = 'Italy', voucher_code = ''");
    assertThat(changes())
        .isEqualTo(
            "{\"amount\": {\"new\": 12.50, \"old\": 10.10},"
                + " \"country\": {\"new\": \"Italy\", \"old\": null},"
                + " \"voucher_code\": {\"new\": \"\", \"old\": null}}");
  }

  @Test
  void updateThatChangesNothingLeavesOnlyWhoAndWhen() {
    update("amount = 12.50");
    update("amount = 12.50, city = city");
    assertThat(changes()).isEqualTo("{}");
    assertThat(
            database.value("SELECT change_info ?& '{modified_by,modified_at}' FROM transactions"))
        .isEqualTo("t");
  }

  @Test
  void valueToNullAndBackIsRecorded() {
    update("amount = NULL");
    assertThat(changes()).isEqualTo("{\"amount\": {\"new\": null, \"old\": 10.10}}");
    update("amount = 7.00");
    assertThat(changes()).isEqualTo("{\"amount\": {\"new\": 7.00, \"old\": null}}");
  }

  @Test
  void notANumberIsRecordedAsText() {
    update("amount = 'NaN'");
    assertThat(changes()).isEqualTo("{\"amount\": {\"new\": \"NaN\", \"old\": 10.10}}");
  }

  /**
   * Why our function is not the one with {@code jsonb_build_object('old', OLD.amount, NEW.amount)}.
   */
  @Test
  void threeArgumentsMakeEveryUpdateOfTheAmountFail() {
    database.execute(
        """
        CREATE OR REPLACE FUNCTION record_changed_columns() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.change_info := jsonb_build_object('old', OLD.amount, NEW.amount);
          RETURN NEW;
        END $$""");
    assertThatThrownBy(() -> update("amount = 12.50"))
        .hasMessageContaining("argument list must have even number of elements");
  }

  @Test
  void publicationHasTheTableWithWholeOldRows() {
    assertThat(database.value("SELECT relreplident FROM pg_class WHERE relname = 'transactions'"))
        .isEqualTo("f");
    assertThat(
            database.column(
                "SELECT schemaname || '.' || tablename FROM pg_publication_tables"
                    + " WHERE pubname = 'waltap'"))
        .containsExactly("public.transactions");
  }

  @Test
  void publicationThatIsThereGetsTheTableAndKeepsItsOwn() {
    database.execute(
        "DROP PUBLICATION waltap",
        "CREATE TABLE other (id int PRIMARY KEY)",
        "CREATE PUBLICATION waltap FOR TABLE other");
    database.apply("03-publication.sql");
    assertThat(database.column("SELECT tablename FROM pg_publication_tables ORDER BY 1"))
        .containsExactly("other", "transactions");
  }

  @Test
  void roleReadsAndDoesNothingElse() throws SQLException {
    try (Connection cdc = DriverManager.getConnection(database.url(), "cdc", "secret");
        Statement statement = cdc.createStatement()) {
      assertThat(statement.execute("SELECT * FROM transactions")).isTrue();
      for (String forbidden :
          new String[] {
            "UPDATE transactions SET amount = 0",
            "INSERT INTO transactions (transaction_id) VALUES ('b')",
            "DELETE FROM transactions",
            "TRUNCATE transactions",
            "CREATE TABLE public.mine (id int)"
          }) {
        assertThatThrownBy(() -> statement.execute(forbidden))
            .as(forbidden)
            .hasMessageContaining("denied");
      }
    }
  }

  @Test
  void roleMayReplicateAndIsNoSuperuser() {
    assertThat(
            database.value(
                "SELECT rolcanlogin AND rolreplication AND NOT (rolsuper OR rolcreatedb"
                    + " OR rolcreaterole OR rolbypassrls) FROM pg_roles WHERE rolname = 'cdc'"))
        .isEqualTo("t");
  }

  @Test
  void roleKeepsThePasswordThatSomeoneGaveIt() {
    database.execute("ALTER ROLE cdc PASSWORD 'mine'");
    try {
      String before = password();
      database.apply("04-role.sql");
      assertThat(password()).isEqualTo(before);
    } finally {
      database.execute("ALTER ROLE cdc PASSWORD 'secret'");
    }
  }

  private String password() {
    return String.valueOf(
        database.value("SELECT rolpassword FROM pg_authid WHERE rolname = 'cdc'"));
  }

  private void update(String set) {
    database.execute("UPDATE transactions SET " + set + " WHERE transaction_id = 'a'");
  }

  /** The entries of columns, as PostgreSQL prints them. */
  private String changes() {
    return String.valueOf(
        database.value("SELECT change_info - 'modified_by' - 'modified_at' FROM transactions"));
  }
}
