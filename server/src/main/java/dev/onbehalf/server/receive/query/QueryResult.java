package dev.onbehalf.server.receive.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query found, in its order.
 *
 * @param rows builds and deployments; where issues were asked for, one row for each
 * @param next where the next page starts; null after the last one
 * @param complete whether everything there is was looked at; if not, there may be more
 * @param notes sentences about the query, such as a name that nothing has
 */
public record QueryResult(
    List<Row> rows, @Nullable String next, boolean complete, List<String> notes) {
  public QueryResult {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /**
   * A build or deployment.
   *
   * @param kind {@code build} or {@code deployment}
   * @param issue where issues were asked for, the issue; else null
   * @param pipelineId id of its pipeline
   * @param pipeline name of its pipeline
   * @param number of the build, or of the deployment in its pipeline and environment
   * @param displayName what it is called
   * @param url where its sender shows it
   * @param state its state
   * @param environmentId id of its environment; null for a build
   * @param environment name of its environment; null for a build
   * @param environmentType type of its environment; null for a build
   * @param updated when it last changed, as its sender says
   * @param sender name of the credential that sent it
   * @param issues its issues that are known
   */
  public record Row(
      String kind,
      @Nullable String issue,
      String pipelineId,
      String pipeline,
      long number,
      String displayName,
      String url,
      String state,
      @Nullable String environmentId,
      @Nullable String environment,
      @Nullable String environmentType,
      Instant updated,
      String sender,
      List<String> issues) {
    public Row {
      issues = List.copyOf(issues);
    }
  }
}
