using System.CommandLine;

namespace SpeechStream.Cli.Completion;

/// <summary><c>speechstream completion</c>: what a shell needs to complete the command line with its Tab key.</summary>
internal static class CompletionCommand
{
    private const string Description =
        """
        Print a script that completes this command line in a shell, with its Tab key.

        bash: eval "$(speechstream completion bash)" in ~/.bashrc.
        
        zsh: eval "$(speechstream completion zsh)" in ~/.zshrc, behind compinit.
        
        fish: speechstream completion fish | source, in ~/.config/fish/config.fish.

        PowerShell: speechstream completion pwsh | Out-String | Invoke-Expression, in $PROFILE.
        """;

    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create(Surroundings surroundings)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh.", HelpName = string.Join('|', Shells) };
        shell.CompletionSources.Add(Shells);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !Shells.Contains(given.Value))
            {
                result.AddError($"There is no script for '{given.Value}'. There are those for {string.Join(", ", Shells[..^1])} and {Shells[^1]}.");
            }
        });
        var command = new Command("completion", Description) { shell };
        command.SetAction(parsed =>
        {
            using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{parsed.GetRequiredValue(shell)}")!;
            using var reader = new StreamReader(script);
            surroundings.Output.Write(reader.ReadToEnd());
        });
        return command;
    }
}
