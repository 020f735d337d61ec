package dev.onbehalf.server.web.page;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One build, deployment or link in a list; every text is as its sender wrote it.
 *
 * @param heading its environment, pipeline or kind
 * @param path where the heading leads, a raw path after the context path; null for nowhere
 * @param title what it is called
 * @param url where its sender shows it, http or https
 * @param state its state in words; empty for none
 * @param tone {@code good}, {@code bad}, {@code busy} or {@code plain}
 * @param details further facts, a phrase each
 * @param issues keys of issues it belongs to, to be shown with it
 * @param moreIssues how many it belongs to besides
 * @param updated when it last changed
 * @param sender name of the credential that sent it
 */
public record Reported(
    String heading,
    @Nullable String path,
    String title,
    String url,
    String state,
    String tone,
    List<String> details,
    List<String> issues,
    int moreIssues,
    Instant updated,
    String sender) {

  public Reported {
    details = List.copyOf(details);
    issues = List.copyOf(issues);
  }
}
