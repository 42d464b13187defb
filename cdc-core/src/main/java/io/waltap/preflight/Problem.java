package io.waltap.preflight;

/**
 * One thing that keeps an engine from working, and what mends it.
 *
 * @param what what is wrong, in one sentence that names the thing
 * @param remedy the SQL statement or the setting that mends it
 */
public record Problem(String what, String remedy) {

  @Override
  public String toString() {
    return what + "\n    → " + remedy;
  }
}
