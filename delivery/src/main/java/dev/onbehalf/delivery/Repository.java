package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import tools.jackson.databind.node.ObjectNode;

/**
 * Development information: a repository with the commits, branches and pull requests to report, at
 * most 400 of each; {@code docs/peer-facts.md} 2.6.
 */
public final class Repository extends Report {
  private Repository(ObjectNode draft) {
    super(DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Repository}. */
  public static final class Builder extends EntityBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 1024 ASCII letters, digits and {@code ~.-_}. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      return put("id", id);
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder name(String name) {
      return put("name", name);
    }

    /** At most 1024 characters. */
    @CanIgnoreReturnValue
    public Builder description(String text) {
      return put("description", text);
    }

    @CanIgnoreReturnValue
    public Builder commit(Commit commit) {
      return add("commits", commit.toJson());
    }

    @CanIgnoreReturnValue
    public Builder branch(Branch branch) {
      return add("branches", branch.toJson());
    }

    @CanIgnoreReturnValue
    public Builder pullRequest(PullRequest pullRequest) {
      return add("pullRequests", pullRequest.toJson());
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Repository build() {
      return new Repository(json);
    }
  }
}
