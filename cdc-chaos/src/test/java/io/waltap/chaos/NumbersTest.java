package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.chaos.Numbers.Comparison;
import io.waltap.chaos.Numbers.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the numbers tell every kind of wrong, and only what is wrong. */
class NumbersTest {

  @TempDir private Path folder;
  private final Numbers numbers = new Numbers();

  @BeforeEach
  void threeTransactions() {
    numbers.note(1, Fate.COMMITTED);
    numbers.note(2, Fate.IN_DOUBT);
    numbers.note(3, Fate.ROLLED_BACK);
  }

  private Comparison compare(String... lines) throws IOException {
    Path notes = Files.write(folder.resolve("transactions"), List.of(lines));
    return numbers.compare(notes);
  }

  @Test
  void whatIsInDoubtMayComeOrNot() throws IOException {
    assertThat(compare("1 5 5 100").violations()).isEmpty();
    assertThat(compare("1 5 5 100", "2 1 1 200").violations()).isEmpty();
  }

  @Test
  void aRepetitionIsCountedAndNotBlamed() throws IOException {
    Comparison comparison = compare("1 5 5 100", "2 1 1 200", "1 5 5 100", "2 1 1 200");

    assertThat(comparison.violations()).isEmpty();
    assertThat(comparison.repetitions()).isEqualTo(2);
    assertThat(comparison.transactions()).isEqualTo(2);
  }

  @Test
  void whatWasCommittedIsMissed() throws IOException {
    assertThat(compare("2 1 1 200").violations())
        .singleElement()
        .asString()
        .startsWith("missing: transaction 1");
  }

  @Test
  void whatWasRolledBackIsAPhantom() throws IOException {
    assertThat(compare("1 5 5 100", "3 1 1 200").violations())
        .containsExactly("phantom: transaction 3 is ROLLED_BACK");
  }

  @Test
  void whatNobodyWroteIsAPhantom() throws IOException {
    assertThat(compare("1 5 5 100", "9 1 1 200").violations())
        .containsExactly("phantom: transaction 9 is null");
  }

  @Test
  void aTransactionWithTooFewChangesIsTorn() throws IOException {
    assertThat(compare("1 5 4 100").violations())
        .singleElement()
        .asString()
        .startsWith("torn: transaction 1");
  }

  @Test
  void anEarlierCommitMustNotComeLaterForTheFirstTime() throws IOException {
    assertThat(compare("2 1 1 200", "1 5 5 100").violations())
        .singleElement()
        .asString()
        .startsWith("reordered: transaction 1");
  }

  @Test
  void aTransactionHasOneCommit() throws IOException {
    assertThat(compare("1 5 5 100", "1 5 5 101").violations())
        .singleElement()
        .asString()
        .startsWith("altered: transaction 1");
  }
}
