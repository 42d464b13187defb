package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The campaign of effects on the command line. Exit code 1 if the effects are not exact. */
@Command(
    name = "once",
    description = "Kills a consumer that writes to a database, and counts its effects.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class BookingMain implements Callable<Integer> {

  @Option(names = "--seed", description = "Repeats what was drawn; default: another each time.")
  private @Nullable Long seed;

  @Option(names = "--kills", description = "How many kills; default: ${DEFAULT-VALUE}.")
  private int kills = 300;

  @Option(
      names = "--again",
      description = "Has it write on a connection of its own: at least once, so not exact.")
  private boolean again;

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    long drawn = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
    System.out.println("The seed is " + drawn + ".");
    Path folder = Path.of("target", "chaos", "once-" + drawn);
    Folders.delete(folder);
    Bookings bookings =
        BookingCampaign.run(
            again ? AgainConsumer.class : OnceConsumer.class,
            drawn,
            kills,
            Files.createDirectories(folder),
            System.out);
    System.out.println("After " + kills + " kills: " + bookings + ".");
    if (bookings.isExact()) {
      Folders.delete(folder);
    }
    return bookings.isExact() ? 0 : 1;
  }
}
