package io.waltap.chaos;

import java.io.IOException;

/** Sends signals that the JDK has no method for. */
final class Signals {

  private Signals() {}

  /** Sends a signal, as STOP, CONT, INT or QUIT, to a process; one that has ended gets none. */
  static void send(long pid, String signal) throws IOException, InterruptedException {
    run("kill", "-s", signal, Long.toString(pid));
  }

  /** Lets a process write no file further than so many bytes; whether the system can do that. */
  static boolean limitFileSize(long pid, String bytes) throws InterruptedException {
    try {
      return run("prlimit", "--pid", Long.toString(pid), "--fsize=" + bytes) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
