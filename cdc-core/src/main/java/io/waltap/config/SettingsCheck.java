package io.waltap.config;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with settings before anything is tried with them. */
final class SettingsCheck {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
  // Narrower than PostgreSQL's rule: Debezium writes the name into statements without quoting it.
  private static final Pattern PUBLICATION = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final int MOST_THREADS = 64;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Settings settings;
  private final Findings findings = new Findings();
  private Set<String> inUrl = Set.of();

  private SettingsCheck(Settings settings) {
    this.settings = settings;
  }

  /** Everything that is wrong with the settings, each called by its name in the builder. */
  static Findings of(Settings settings) {
    SettingsCheck check = new SettingsCheck(settings);
    check.connection();
    check.names();
    check.durations();
    check.sizes();
    check.debezium();
    return check.findings;
  }

  private void connection() {
    try {
      UrlParameters parameters = Address.parse(settings.url).parameters();
      parameters.check(settings, findings);
      inUrl = parameters.settings().keySet();
    } catch (IllegalArgumentException e) {
      findings.add("url", String.valueOf(e.getMessage()));
    }
    require(!settings.user.isEmpty(), "user", "is missing; name a role with REPLICATION");
    require(
        settings.password != null,
        "password",
        "is missing; give an empty one if the server asks for none, or name a passwordFile");
    require(
        !given("sslCertificate", settings.sslCertificate) || given("sslKey", settings.sslKey),
        "sslKey",
        "is missing; a client certificate (sslCertificate) is of no use without its key");
  }

  private boolean given(String setting, @Nullable Object value) {
    return value != null || inUrl.contains(setting);
  }

  private void names() {
    requireName(NAME, "name", settings.name, "1 to 100 letters, digits, dots, '_' and '-'");
    requireName(SLOT, "slot", settings.slot, "1 to 63 lower-case letters, digits and '_'");
    requireName(
        PUBLICATION,
        "publication",
        settings.publication,
        "1 to 63 lower-case letters, digits and '_', and not begin with a digit");
  }

  private void requireName(Pattern pattern, String setting, String value, String rule) {
    require(
        pattern.matcher(value).matches(),
        setting,
        "must consist of " + rule + ", and is '" + value + "'; choose another name");
  }

  private void durations() {
    requireBetween("connectTimeout", Duration.ofSeconds(1), settings.connectTimeout);
    requireBetween("statusInterval", Duration.ofMillis(1), settings.statusInterval);
    requireBetween("stopTimeout", Duration.ofMillis(1), settings.stopTimeout);
    if (!settings.heartbeatInterval.isZero()) {
      requireBetween("heartbeatInterval", Duration.ofMillis(100), settings.heartbeatInterval);
    }
  }

  private void requireBetween(String setting, Duration shortest, Duration value) {
    require(
        value.compareTo(shortest) >= 0 && value.compareTo(LONGEST) <= 0,
        setting,
        "must be between " + shortest + " and " + LONGEST + ", and is " + value + "; change it");
  }

  private void sizes() {
    int threads = settings.snapshotThreads;
    require(
        threads >= 1 && threads <= MOST_THREADS,
        "snapshotThreads",
        "must be from 1 to " + MOST_THREADS + ", and is " + threads + "; choose another number");
    int batch = settings.maxBatchSize;
    int queue = settings.maxQueueSize;
    require(batch >= 1, "maxBatchSize", "must be at least 1, and is " + batch + "; raise it");
    require(
        queue > batch,
        "maxQueueSize",
        "must be greater than the batch size, " + batch + ", and is " + queue + "; raise it");
    Long budget = settings.walBudget;
    require(
        budget == null || budget >= 1,
        "walBudget",
        "must be at least 1 byte, and is " + budget + "; raise it");
    require(
        settings.maxQueueBytes >= 1,
        "maxQueueBytes",
        "must be at least 1, and is " + settings.maxQueueBytes + "; raise it");
  }

  private void debezium() {
    for (String key : settings.debezium.keySet()) {
      require(!key.isBlank(), "debezium", "has a setting without a key; name it or remove it");
      OwnedKeys.remedyFor(key)
          .ifPresent(
              remedy -> findings.add("debezium." + key, "is set by WalTap itself; " + remedy));
    }
  }

  private void require(boolean condition, String setting, String complaint) {
    if (!condition) {
      findings.add(setting, complaint);
    }
  }
}
