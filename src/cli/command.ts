/** What a command is given. */
export interface CommandInput {
  /** Where the application is: at or above this folder. */
  readonly root: string
  /** The option `path`, where it was given. */
  readonly path?: string
  /** What else was written, without flags. */
  readonly words: readonly string[]
  readonly accept: readonly string[]
}

/** What a command answers: its text, and whether all is well. */
export interface CommandOutput {
  readonly text: string
  readonly isWell: boolean
}

export type Command = (input: CommandInput) => Promise<CommandOutput>
