package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each example ends by itself and has shown its idea. */
@Timeout(120)
class ExamplesIT {

  @TempDir private Path folder;

  /** What {@code main} does between the server's start and its end. */
  interface Example {
    void run(DemoServer server, PrintStream out) throws Exception;
  }

  @Test
  void typedListenerShowsEveryOperation() throws Exception {
    assertThat(shownBy(TypedListenerMain::run))
        .containsExactly(
            "ann spent 10.10 (was there before)",
            "bob spent 5.00",
            "ann spent 12.50 (before: ann spent 10.10)",
            "gone: bob spent 5.00",
            "gone: all rows of public.transactions");
  }

  @Test
  void rowListenerShowsColumnsTypesAndExactValues() throws Exception {
    assertThat(shownBy(RowListenerMain::run))
        .containsExactly(
            "transaction_id text      t1",
            "timestamp      timestamp 2026-01-02 03:04:05.678",
            "amount         numeric   12345678901234567890.100",
            "voucher_code   text      ",
            "Twice the amount is 24691357802469135780.200.");
  }

  @Test
  void resumeShowsThatNothingIsLostOrRepeated() throws Exception {
    assertThat(shownBy((server, out) -> ResumeMain.run(server, folder.resolve("position"), out)))
        .containsExactly(
            "First run received [t1, t2].",
            "Stopped, while t3 and t4 were written.",
            "Second run received [t3, t4, t5].",
            "Together: [t1, t2, t3, t4, t5], nothing lost, nothing repeated.");
  }

  @Test
  void resumeCleansUpAfterItself() {
    assertThatCode(() -> ResumeMain.main(new String[0])).doesNotThrowAnyException();
  }

  @Test
  void connectorJsonStartsAsItStands() throws Exception {
    assertThat(shownBy(ConnectorJsonMain::run))
        .containsExactly(
            "The JSON says jdbc:postgresql://postgres:5432/financial_db as postgres.",
            "INSERT in public.transactions");
  }

  @Test
  void auditFindsWhatAListenerForgot() throws Exception {
    List<String> shown =
        shownBy((server, out) -> AuditMain.run(server, folder.resolve("recording"), out));
    assertThat(shown)
        .hasSize(3)
        .startsWith(
            "A listener that notes everything: 100 committed, 100 delivered, 0 missing.",
            "A listener that forgets the seventh change of each transaction:"
                + " 100 committed, 90 delivered, 10 missing.");
    assertThat(shown.get(2))
        .matches("  such as: [A-Z]+ public.transactions \\{.*} of transaction \\d+ was not .*");
  }

  static List<String> shownBy(Example example) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DemoServer server = DemoServer.start();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      example.run(server, out);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
