package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Effects in a database, with the position and beside it, under the same kills. */
class EffectivelyOnceIT {

  private static final int KILLS = 5;

  @TempDir private Path folder;

  @Test
  void eachChangeHasOneEffectWhateverDies() throws Exception {
    long seed = Budget.fromProperties().seed();

    Bookings bookings = BookingCampaign.run(OnceConsumer.class, seed, KILLS, folder, System.out);

    System.out.println(KILLS + " kills, effectively once: " + bookings);
    assertThat(bookings.changes()).isPositive();
    assertThat(bookings).as("seed %d", seed).matches(Bookings::isExact, "exact");
  }

  /** If this one fails, the other no longer proves anything: find what bites. */
  @Test
  void theSameKillsRepeatEffectsOnAnotherConnection() throws Exception {
    long seed = Budget.fromProperties().seed();

    Bookings bookings = BookingCampaign.run(AgainConsumer.class, seed, KILLS, folder, System.out);

    System.out.println(KILLS + " kills, at least once: " + bookings);
    assertThat(bookings.missing()).as("seed %d", seed).isZero();
    assertThat(bookings.repeated()).as("seed %d", seed).isPositive();
  }
}
