package io.waltap.examples;

/** What an example claims; if it was not to be seen, the example ends with an exit code above 0. */
final class Proof {

  private Proof() {}

  static void that(boolean seen, String claim) {
    if (!seen) {
      throw new IllegalStateException("This was not to be seen: " + claim + ".");
    }
  }
}
