package dev.onbehalf.server.receive.query;

import java.util.List;

/**
 * Rows of one index in their order: candidates that are looked at one by one.
 *
 * @param access the index
 * @param values what its first columns are
 */
record Branch(Access access, List<Object> values) {
  Branch {
    values = List.copyOf(values);
  }

  /** An index that ends with the time of the last change and the number of the entity. */
  enum Access {
    ISSUE("received_issue", "entity_id", "project", "issue_number", "kind"),
    CURRENT("", "id"),
    PIPELINE("received_entity", "id", "pipeline_ref", "kind"),
    ENVIRONMENT("received_entity", "id", "environment_ref"),
    PROJECT("received_issue", "entity_id", "project", "kind"),
    SENDER("received_entity", "id", "credential_id"),
    STATE("received_entity", "id", "kind", "state");

    private final String table;
    private final String id;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> columns;

    Access(String table, String id, String... columns) {
      this.table = table;
      this.id = id;
      this.columns = List.of(columns);
    }
  }

  private static final String LATEST_SUCCESS =
      " FROM received_entity n WHERE n.environment_ref = o.environment_ref AND n.pipeline_ref ="
          + " o.pipeline_ref AND n.state = 'successful' ORDER BY n.environment_ref, n.pipeline_ref,"
          + " n.state, n.run_number DESC LIMIT 1)";

  /**
   * What is on each environment now; there are as many as pipelines deploy somewhere. It joins
   * nothing, since PostgreSQL may read a whole table into a hash for that; by OFFSET each is looked
   * up once.
   */
  private static final String CURRENT =
      "(SELECT l.id, l.updated_ms FROM (SELECT (SELECT n.id"
          + LATEST_SUCCESS
          + " AS id, (SELECT n.updated_ms"
          + LATEST_SUCCESS
          + " AS updated_ms FROM received_place o OFFSET 0) l WHERE l.id IS NOT NULL AND %s"
          + " ORDER BY %s LIMIT :batch)";

  /** Writes the query of its candidates, the next {@code :batch} after the cursor. */
  String sql(Bindings bindings, boolean ascending) {
    String order = ascending ? "ASC" : "DESC";
    String sign = ascending ? ">" : "<";
    if (access == Access.CURRENT) {
      return CURRENT.formatted(range("l", "id", sign), "l.updated_ms " + order + ", l.id " + order);
    }
    StringBuilder where = new StringBuilder();
    StringBuilder sorted = new StringBuilder();
    for (int i = 0; i < access.columns.size(); i++) {
      String column = "b." + access.columns.get(i);
      where.append(column).append(" = ").append(bindings.add(values.get(i))).append(" AND ");
      // Constant, but H2 takes the order of an index only where all its columns are named.
      sorted.append(column).append(ascending ? " DESC" : "").append(", ");
    }
    return "(SELECT b.%s AS id, b.updated_ms FROM %s b WHERE %s%s ORDER BY %sb.updated_ms %s, b.%s %s LIMIT :batch)"
        .formatted(
            access.id,
            access.table,
            where,
            range("b", access.id, sign),
            sorted,
            order,
            access.id,
            order);
  }

  private static String range(String alias, String id, String sign) {
    return "%1$s.updated_ms BETWEEN :from AND :to AND (%1$s.updated_ms %3$s :edge OR %1$s.%2$s %3$s :entity)"
        .formatted(alias, id, sign);
  }
}
