package io.waltap.chaos;

import io.waltap.chaos.Proxy.Cut;
import io.waltap.chaos.Proxy.Scope;
import io.waltap.chaos.Proxy.Weather;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What is done to the connections of the consumer. */
final class NetworkFaults {

  private static final int SLOW_BYTES_PER_SECOND = 32_000;

  private final Proxy proxy;
  private final Random random;

  NetworkFaults(Proxy proxy, Random random) {
    this.proxy = proxy;
    this.random = random;
  }

  void cut(Scope scope, Cut cut) {
    proxy.cut(scope, cut);
  }

  void cutInMessage() throws InterruptedException {
    proxy.cutAfter(Scope.ALL, 1 + random.nextInt(30_000));
    pause(200, 800);
  }

  void delay() throws InterruptedException {
    during(new Weather(scope(), 50 + random.nextInt(250), 0, false), 1_000, 2_000);
  }

  void throttle() throws InterruptedException {
    during(new Weather(scope(), 0, SLOW_BYTES_PER_SECOND, false), 1_000, 2_000);
  }

  /** Nothing gets through, for less or more than the server's patience. */
  void halfOpen(boolean reset) throws InterruptedException {
    Scope scope = scope();
    during(new Weather(scope, 0, 0, true), 1_000, 4_000);
    if (reset) {
      proxy.cut(scope, Cut.RST);
    }
  }

  void refuse() throws IOException, InterruptedException {
    proxy.refuse();
    proxy.cut(Scope.ALL, random.nextBoolean() ? Cut.RST : Cut.FIN);
    pause(300, 2_000);
    proxy.accept();
  }

  private void during(Weather weather, int leastMillis, int moreMillis)
      throws InterruptedException {
    proxy.weather(weather);
    pause(leastMillis, moreMillis);
    proxy.weather(Weather.FINE);
  }

  private Scope scope() {
    List<Scope> scopes = List.of(Scope.values());
    return scopes.get(random.nextInt(scopes.size()));
  }

  private void pause(int leastMillis, int moreMillis) throws InterruptedException {
    Waiting.pause(Duration.ofMillis(leastMillis + random.nextInt(moreMillis)));
  }
}
