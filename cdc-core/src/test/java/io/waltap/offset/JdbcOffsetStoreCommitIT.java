package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines that break before, during and after the commit of a listener's work. */
class JdbcOffsetStoreCommitIT extends OffsetTransactionFixture {

  private static final int TRANSACTIONS = 100;

  private CutLine line;
  private JdbcOffsetStore far;

  @BeforeEach
  void openFromAfar() throws IOException {
    line = new CutLine();
    far = throughLine();
    far.open();
  }

  @AfterEach
  void closeFarOne() {
    far.close();
    line.close();
  }

  private JdbcOffsetStore throughLine() {
    return JdbcOffsetStore.builder(() -> line.connect(database), "a").build();
  }

  @Test
  void replacesALineThatBrokeWhenNothingWasOpen() throws Exception {
    endSessions();
    effect(far, 1);
    far.save(offset("0/2"));
    assertDurable("0/2", 1);
  }

  @Test
  void neverTriesTwiceWhatAListenerHasAPartIn() throws Exception {
    effect(far, 1);
    endSessions();
    assertThatThrownBy(() -> far.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("lost the listener's transaction before the position 0/2");
    assertThat(far.reload()).contains(offset("0/1"));
    assertDurable("0/1");
    effect(far, 2);
    far.save(offset("0/2"));
    assertDurable("0/2", 2);
  }

  @Test
  void losesWhatWasCutBeforeTheCommit() throws Exception {
    effect(far, 1);
    line.cutAfter("UPDATE 1"::equals);
    assertThatThrownBy(() -> far.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("lost the listener's transaction before the position 0/2");
    line.cutAfter(command -> false);
    assertThat(far.reload()).contains(offset("0/1"));
    assertDurable("0/1");
  }

  @Test
  void findsOutThatACommitWithoutAnAnswerWasOne() throws Exception {
    effect(far, 1);
    line.cutAfter("COMMIT"::equals);
    assertThatThrownBy(() -> far.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("may or may not have committed the position 0/2");
    assertThatIllegalStateException()
        .isThrownBy(() -> far.connection())
        .withMessageContaining("has to be reloaded");
    assertThatIllegalStateException()
        .isThrownBy(() -> far.save(offset("0/3")))
        .withMessageContaining("has to be reloaded");
    assertThat(far.reload()).contains(offset("0/2"));
    assertDurable("0/2", 1);
    line.cutAfter(command -> false);
    effect(far, 2);
    far.save(offset("0/3"));
    assertDurable("0/3", 1, 2);
  }

  @Test
  void waitsForACommitThatIsStillOnItsWay() throws Exception {
    CompletableFuture<Optional<Offset>> truth = reloadDuringCommit();
    database.execute("SELECT pg_advisory_unlock(1)");
    assertThat(truth.get(20, TimeUnit.SECONDS)).contains(offset("0/2"));
    assertDurable("0/2", 1);
  }

  @Test
  void waitsForACommitThatComesToNothing() throws Exception {
    CompletableFuture<Optional<Offset>> truth = reloadDuringCommit();
    database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query = 'COMMIT'");
    assertThat(truth.get(20, TimeUnit.SECONDS)).contains(offset("0/1"));
    database.execute("SELECT pg_advisory_unlock(1)");
    assertDurable("0/1");
  }

  // The commit waits for a trigger, that for a lock, and nobody for the answer.
  private CompletableFuture<Optional<Offset>> reloadDuringCommit() throws Exception {
    database.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'",
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON effect DEFERRABLE INITIALLY DEFERRED"
            + " FOR EACH ROW EXECUTE FUNCTION wait()",
        "SELECT pg_advisory_lock(1)");
    effect(far, 1);
    CompletableFuture<Void> save =
        CompletableFuture.runAsync(
            () ->
                assertThatThrownBy(() -> far.save(offset("0/2")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("may or may not have committed"));
    awaitSessions("it commits", "wait_event_type = 'Lock' AND query = 'COMMIT'", 1);
    line.cutAll();
    save.get(20, TimeUnit.SECONDS);
    CompletableFuture<Optional<Offset>> truth =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return far.reload();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    awaitSessions("it waits for the other", "wait_event_type = 'Lock'", 2);
    assertThat(truth).isNotDone();
    return truth;
  }

  /** Each transaction adds the number of its position; what is wrong is missing or there twice. */
  @Test
  void oneEffectForEachPositionWhateverBreaks() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    line.cutAfter(command -> random.nextInt(command.equals("COMMIT") ? 4 : 25) == 0);
    int failures = 0;
    int done = 1;
    while (done < TRANSACTIONS) {
      try {
        effect(far, done + 1);
        far.save(offset(new Lsn(done + 1).toString()));
        done++;
      } catch (IOException | SQLException e) {
        failures++;
        done = position(random);
      }
    }
    assertThat(failures).as("seed %d", seed).isGreaterThan(TRANSACTIONS / 5);
    assertThat(database.value("SELECT count(*) || ' ' || count(DISTINCT n) FROM effect"))
        .as("seed %d", seed)
        .isEqualTo((TRANSACTIONS - 1) + " " + (TRANSACTIONS - 1));
  }

  // By the same store, or by one that takes over.
  private int position(Random random) {
    boolean heir = random.nextInt(4) == 0;
    if (heir) {
      far.close();
      far = throughLine();
    }
    return Stream.generate(() -> attempt(heir))
        .flatMap(Optional::stream)
        .findFirst()
        .map(Offset::lsn)
        .map(lsn -> (int) lsn.value())
        .orElseThrow();
  }

  private Optional<Offset> attempt(boolean heir) {
    try {
      return heir ? far.open() : far.reload();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
