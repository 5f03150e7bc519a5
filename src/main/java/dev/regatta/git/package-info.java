/**
 * Git, through the {@code git} program: work trees, worktrees of them, and what was changed in one.
 *
 * <p>A folder comes in; a worktree at a commit, or the commit that holds what was changed there,
 * comes out. Nothing is pushed, no branch is moved, and neither hooks nor configuration are
 * touched.
 */
@NullMarked
package dev.regatta.git;

import org.jspecify.annotations.NullMarked;
