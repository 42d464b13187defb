package io.waltap.examples;

import static io.waltap.examples.ExamplesIT.shownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each example of how changes are delivered has shown its idea, in a short run. */
@Timeout(120)
class DeliveryExamplesIT {

  @Test
  void batchesShowsManyChangesAtOnce() throws Exception {
    List<String> shown = shownBy((server, out) -> BatchesMain.run(server, 1_000, out));
    assertThat(shown).hasSize(2).last().isEqualTo("The archive has 1000 rows.");
    assertThat(shown.get(0)).matches("1000 inserts came in \\d{1,2} batches of up to \\d+\\.");
  }

  @Test
  void transactionsShowsUnitsWithTheirRequestAndPieces() throws Exception {
    assertThat(shownBy(TransactionsMain::run))
        .containsExactly(
            "There before: 2 rows",
            "Request r-17: UPDATE of accounts, UPDATE of accounts, INSERT of transactions",
            "100 changes, piece 1",
            "100 changes, piece 2",
            "50 changes, piece 3, the last");
  }

  @Test
  void workersShowsThatTheyAreFasterAndKeysStayInOrder() throws Exception {
    List<String> shown = shownBy((server, out) -> WorkersMain.run(server, 5, out));
    assertThat(shown).hasSize(3).first().isEqualTo("200 changes, of which each takes 5 ms:");
    assertThat(shown.get(2)).matches("by eight workers  \\d\\.\\d s, on [2-8] threads");
  }

  @Test
  void deadLettersShowsThatTheyAreReplayedInOrder() throws Exception {
    assertThat(shownBy(DeadLettersMain::run))
        .containsExactly(
            "Booked: [t1 10.00 EUR, t3 30.00 EUR]",
            "Parked: INSERT of [\"t2\"] after 3 attempts,"
                + " java.lang.IllegalArgumentException: no rate for CHF",
            "Parked: UPDATE of [\"t2\"], behind another of its key",
            "Now there is a rate for CHF; replayed: 2",
            "Booked: [t1 10.00 EUR, t3 30.00 EUR, t2 21.00 EUR, t2 20.00 EUR]");
  }

  @Test
  void effectivelyOnceShowsSumsThatAreExactInSpiteOfACrash() throws Exception {
    List<String> shown = shownBy((server, out) -> EffectivelyOnceMain.run(server, 1, out));
    assertThat(shown).hasSize(4);
    assertThat(sum(shown.get(2))).isEqualTo(sum(shown.get(1)));
    assertThat(sum(shown.get(3))).isNotEqualTo(sum(shown.get(1)));
  }

  private static String sum(String line) {
    return line.replaceAll(".*: +", "");
  }

  @Test
  void pauseShowsTheBacklogAndWhatIsReadAfterwards() throws Exception {
    List<String> shown = shownBy(PauseMain::run);
    assertThat(shown.get(1)).matches("\\d{2,3} wait here; the server keeps the others\\.");
    assertThat(shown)
        .hasSize(4)
        .contains(
            "Paused: 2000 rows were written, and the listener has 0.",
            "Resumed: the listener has 2000.",
            "My own row, after awaitProcessed: true");
  }

  @Test
  void severalListenersShowsWhoIsToldOfWhat() throws Exception {
    assertThat(shownBy(SeveralListenersMain::run))
        .containsExactly(
            "welcome: INSERT of transactions",
            "archive: INSERT of transactions",
            "archive: UPDATE of transactions",
            "fraud:   UPDATE of transactions",
            "archive: UPDATE of transactions",
            "others:  INSERT of merchants");
  }

  @Test
  void virtualThreadsShowsManyCallsAtOnce() throws Exception {
    List<String> shown = shownBy(VirtualThreadsMain::run);
    assertThat(shown).hasSize(2).last().asString().matches("400 calls of 100 ms took \\d+ ms\\.");
  }

  @Test
  void anExampleFailsThatDidNotShowItsIdea() {
    assertThatThrownBy(() -> Proof.that(false, "that one is more than two"))
        .hasMessage("This was not to be seen: that one is more than two.");
  }
}
