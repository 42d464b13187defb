package io.waltap.generator;

import java.util.Arrays;
import java.util.Random;

/**
 * Chooses among numbered things so that the n-th is chosen 1/n times as often as the first: a few
 * are hot, most are rare.
 */
final class Zipf {

  private final double[] upTo;

  Zipf(int size) {
    this.upTo = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += 1.0 / (i + 1);
      upTo[i] = sum;
    }
  }

  /** From 0, the hottest, to one less than the size. */
  int draw(Random random) {
    int place = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(place < 0 ? -place - 1 : place, upTo.length - 1);
  }
}
