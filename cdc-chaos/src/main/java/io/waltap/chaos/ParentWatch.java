package io.waltap.chaos;

import java.io.IOException;

/** Ends a child when its parent has gone, which closes its standard input. */
final class ParentWatch {

  private ParentWatch() {}

  static void start() {
    Thread thread = new Thread(ParentWatch::watch, "parent-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // until the parent has gone
      }
    } catch (IOException e) {
      // gone as well
    }
    Runtime.getRuntime().halt(1);
  }
}
