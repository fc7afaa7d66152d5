// Generated from amphitheatre.contract.grant by tools/contract_snapshot.py; do not edit.

/** What the bearer may do. Each role's rights stand in `media.serve.grants`, deny first. */
export type Role = "control" | "interpreter" | "moderator" | "speaker" | "technician" | "viewer";

/**
 * Claims of a grant.
 *
 * sub is pseudonymous (an account's opaque id or ``guest``), never a name or an address.
 * exp and iat are seconds since the Unix epoch.
 */
export interface Grant {
  readonly iss: string;
  readonly sub: string;
  readonly room: string;
  readonly role: Role;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly language: string | null;
}
