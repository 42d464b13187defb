package io.waltap.preflight;

import io.waltap.preflight.PreflightFacts.Publication;
import io.waltap.preflight.PreflightFacts.Role;
import io.waltap.preflight.PreflightFacts.Server;
import io.waltap.preflight.PreflightFacts.Slot;
import io.waltap.preflight.PreflightFacts.TableFacts;
import io.waltap.preflight.PreflightFacts.Usage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as people read it. */
final class ReportText {

  private final StringBuilder text = new StringBuilder();

  private ReportText() {}

  static String of(PreflightReport report) {
    ReportText page = new ReportText();
    page.verdict(report);
    page.problems("Errors", report.errors());
    page.problems("Warnings", report.warnings());
    if (report.facts() != null) {
      page.facts(report.facts());
    }
    return page.text.toString().stripTrailing();
  }

  private void verdict(PreflightReport report) {
    text.append(
        report.canStart()
            ? "WalTap can start: no errors, %s.\n".formatted(count(report.warnings(), "warning"))
            : "WalTap cannot start: %s, %s.\n"
                .formatted(count(report.errors(), "error"), count(report.warnings(), "warning")));
  }

  private void problems(String title, List<Problem> problems) {
    if (!problems.isEmpty()) {
      text.append('\n').append(title).append('\n');
      problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
    }
  }

  private void facts(PreflightFacts facts) {
    text.append("\nWhat was seen\n");
    server(facts.server());
    line("role", role(facts.role()));
    line("publication", publication(facts.publication()));
    line("slot", slot(facts.slot()));
    line("session", session(facts.session()));
    facts.tables().forEach(table -> line("table", table(table)));
  }

  private void server(Server server) {
    line(
        "server",
        "PostgreSQL %s, %s, system identifier %s"
            .formatted(
                server.version(),
                server.standby() ? "a standby" : "a primary",
                server.systemIdentifier()));
    line("database", server.database() + ", encoded in " + server.encoding());
    line("wal_level", server.walLevel());
    line(
        "in use",
        "%s slots, %s WAL senders, %s connections"
            .formatted(of(server.slots()), of(server.walSenders()), of(server.connections())));
    line(
        "limits",
        "max_slot_wal_keep_size %s, wal_sender_timeout %s"
            .formatted(server.maxSlotWalKeepSize(), server.walSenderTimeout()));
  }

  private static String role(Role role) {
    return "%s, %s, %s, %s connections"
        .formatted(
            role.name(),
            role.superuser()
                ? "a superuser"
                : role.replication() ? "may replicate" : "may not replicate",
            role.emitsMessages() ? "may emit messages" : "may not emit messages",
            of(role.connections()));
  }

  private static String publication(@Nullable Publication publication) {
    return publication == null
        ? "does not exist"
        : "%s, %s of %s%s"
            .formatted(
                publication.name(),
                String.join(", ", publication.operations()),
                publication.allTables() ? "all tables" : count(publication.tables(), "table"),
                publication.viaRoot() ? ", partitions under the name of their root" : "");
  }

  private static String slot(@Nullable Slot slot) {
    if (slot == null) {
      return "does not exist; the first start creates it";
    }
    return "%s, %s, wal_status %s, keeps %s of WAL%s, confirmed up to %s"
        .formatted(
            slot.name(),
            slot.holder() == null ? "free" : "held by " + slot.holder(),
            slot.walStatus(),
            size(slot.retainedBytes()),
            slot.safeWalSize() == null ? "" : " (safe for " + size(slot.safeWalSize()) + " more)",
            slot.confirmed());
  }

  private static String session(Map<String, String> settings) {
    return new TreeMap<>(settings)
        .entrySet().stream()
            .map(setting -> setting.getKey() + " " + setting.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String table(TableFacts table) {
    StringBuilder line = new StringBuilder(table.id().toString());
    line.append(", replica identity ").append(table.replicaIdentity());
    list(line, ", key ", table.key());
    list(line, ", large values in ", table.large());
    list(line, ", not published ", table.unpublished());
    if (table.rowFilter() != null) {
      line.append(", only rows where ").append(table.rowFilter());
    }
    return line.append(table.readable() ? ", readable" : ", not readable").toString();
  }

  private static void list(StringBuilder line, String title, List<String> names) {
    if (!names.isEmpty()) {
      line.append(title).append('(').append(String.join(", ", names)).append(')');
    }
  }

  private void line(String title, String fact) {
    text.append("  %-12s ".formatted(title)).append(Problem.visible(fact)).append('\n');
  }

  private static String count(List<?> things, String name) {
    return (things.isEmpty() ? "no" : things.size()) + " " + name + (things.size() == 1 ? "" : "s");
  }

  private static String of(Usage usage) {
    return usage.allowed() < 0
        ? usage.used() + " of any number of"
        : usage.used() + " of " + usage.allowed();
  }

  private static String size(@Nullable Long bytes) {
    if (bytes == null) {
      return "nothing";
    }
    return bytes < 10_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
