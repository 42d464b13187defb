package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.internal.preflight.ServerFacts.Slot;
import io.waltap.internal.preflight.Timelines.Fork;
import io.waltap.offset.Offset;
import io.waltap.preflight.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every combination of store, slot and server that decides where an engine begins. */
class StartPointTest {

  private static final Lsn P = Lsn.parse("0/3000");
  private static final Offset STORED = new Offset("waltap", "1", 2, "waltap", P);
  private static final ServerFacts SERVER = server(2, "0/9000", slot("0/3000", "reserved"));

  private final List<Problem> problems = new ArrayList<>();
  private List<Fork> forks = List.of();
  private boolean historyGone;

  private static Slot slot(String confirmed, String walStatus) {
    return new Slot(false, null, Lsn.parse(confirmed), Lsn.parse("0/1000"), walStatus);
  }

  private static ServerFacts server(int timeline, @Nullable String current, @Nullable Slot slot) {
    return new ServerFacts("1", 18, timeline, current == null ? null : Lsn.parse(current), slot);
  }

  private static Offset fresh(ServerFacts server) {
    return new Offset("waltap", "1", server.timeline(), "waltap", null);
  }

  private @Nullable StartPoint decide(
      SnapshotMode mode, @Nullable Offset stored, ServerFacts server) {
    CdcConfig config =
        CdcConfig.postgres("jdbc:postgresql://localhost/db", "u", "p").toBuilder()
            .snapshotMode(mode)
            .build();
    return StartPoint.decide(
        config,
        Optional.ofNullable(stored),
        server,
        "the store",
        timeline -> {
          if (historyGone) {
            throw new SQLException("no such file");
          }
          return forks;
        },
        problems::add);
  }

  /** Refused by default, a mistake under any mode. */
  private void assertMistake(Offset stored, ServerFacts server, String sentence) {
    for (SnapshotMode mode : SnapshotMode.values()) {
      problems.clear();
      assertThat(decide(mode, stored, server)).as(mode.name()).isNull();
      assertThat(problems).singleElement().asString().contains(sentence);
    }
  }

  /** Refused by default; begun again if the user chose that. */
  private void assertLost(
      @Nullable Offset stored, ServerFacts server, String sentence, boolean drops) {
    assertThat(decide(SnapshotMode.INITIAL, stored, server)).isNull();
    assertThat(problems).singleElement().asString().contains(sentence).contains("snapshot");
    problems.clear();
    assertThat(decide(SnapshotMode.WHEN_NEEDED, stored, server))
        .isEqualTo(new StartPoint(fresh(server), drops));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void resumesWhereTheSlotStillIs(SnapshotMode mode) {
    assertThat(decide(mode, STORED, SERVER)).isEqualTo(new StartPoint(STORED, false));
    assertThat(decide(mode, STORED, server(2, "0/3000", slot("0/2000", "extended"))))
        .isEqualTo(new StartPoint(STORED, false));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void beginsWhereThereIsNothing(SnapshotMode mode) {
    ServerFacts server = server(2, "0/9000", null);
    assertThat(decide(mode, null, server)).isEqualTo(new StartPoint(fresh(server), false));
  }

  @ParameterizedTest
  @CsvSource({"INITIAL, true", "WHEN_NEEDED, true", "NEVER, false"})
  void beginsAnUnfinishedSnapshotAgainWithANewSlot(SnapshotMode mode, boolean drops) {
    assertThat(decide(mode, fresh(SERVER), SERVER)).isEqualTo(new StartPoint(fresh(SERVER), drops));
  }

  @Test
  void takesTheSlotAsItStandsIfNothingIsToBeRead() {
    assertThat(decide(SnapshotMode.NEVER, null, SERVER))
        .isEqualTo(new StartPoint(fresh(SERVER), false));
  }

  @Test
  void refusesWhatBelongsToSomethingElse() {
    assertMistake(
        new Offset("other", "1", 2, "waltap", P), SERVER, "belongs to the replication slot");
    assertMistake(new Offset("waltap", "7", 2, "waltap", P), SERVER, "another PostgreSQL server");
    assertMistake(
        new Offset("waltap", "1", 2, "other", P),
        SERVER,
        "belongs to the publication \"other\", not to \"waltap\"");
    assertMistake(
        new Offset("waltap", "1", 3, "waltap", P),
        SERVER,
        "belongs to timeline 3, but the server is still on timeline 2");
  }

  @Test
  void fillsInWhatAFormerVersionDidNotStore() {
    Offset former = new Offset("waltap", "1", null, null, P);
    assertThat(decide(SnapshotMode.INITIAL, former, SERVER))
        .isEqualTo(new StartPoint(STORED, false));
  }

  @Test
  void refusesAPositionWithoutItsSlot() {
    assertLost(STORED, server(2, "0/9000", null), "is gone", false);
  }

  @Test
  void refusesASlotWithoutItsPosition() {
    assertLost(null, SERVER, "holds no position for it", true);
  }

  @Test
  void refusesASlotThatTheServerGaveUp() {
    assertLost(STORED, server(2, "0/9000", slot("0/3000", "lost")), "was invalidated", true);
  }

  @Test
  void refusesAPositionBehindTheSlot() {
    assertLost(
        STORED,
        server(2, "0/9000", slot("0/3001", "reserved")),
        "was confirmed up to 0/3001",
        true);
  }

  @Test
  void refusesAPositionBeyondTheEndOfTheLog() {
    assertLost(STORED, server(2, "0/2FFF", slot("0/1000", "reserved")), "log ends at 0/2FFF", true);
  }

  @Test
  void doesNotAskAStandbyForTheEndOfItsLog() {
    ServerFacts standby = server(2, null, slot("0/1000", "reserved"));
    assertThat(decide(SnapshotMode.INITIAL, STORED, standby))
        .isEqualTo(new StartPoint(STORED, false));
  }

  @ParameterizedTest
  @CsvSource({"0/3000", "0/3001"})
  void goesOnAfterAPromotionThatCameLater(String fork) {
    forks = Timelines.parse("1\t0/1000\tfirst\n2\t" + fork + "\tno recovery target specified\n");
    ServerFacts promoted = server(3, "0/9000", slot("0/3000", "reserved"));
    assertThat(decide(SnapshotMode.INITIAL, STORED, promoted))
        .isEqualTo(new StartPoint(fresh(promoted).at(P), false));
  }

  @Test
  void refusesAPromotionThatCameEarlier() {
    forks =
        Timelines.parse("1\t0/1000\tfirst\n\n# a remark\n2\t0/2FFF\tat restore point \"a b\"\n");
    assertLost(
        STORED,
        server(3, "0/9000", slot("0/2000", "reserved")),
        "the server left that timeline at 0/2FFF",
        true);
  }

  @Test
  void refusesABranchThatNeverHadTheTimeline() {
    forks = Timelines.parse("1\t0/1000\tfirst\n");
    assertLost(STORED, server(3, "0/9000", slot("0/2000", "reserved")), "never was on", true);
  }

  @Test
  void refusesAPromotionOfWhichNothingIsKnown() {
    historyGone = true;
    assertLost(
        STORED,
        server(26, "0/9000", slot("0/2000", "reserved")),
        "does not tell where it left the other: no such file.",
        true);
  }

  @Test
  void aPromotionDoesNotHideAGap() {
    forks = Timelines.parse("2\t0/3500\tno recovery target specified\n");
    assertLost(
        STORED, server(3, "0/9000", slot("0/3200", "reserved")), "was confirmed up to", true);
  }
}
