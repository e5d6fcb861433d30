using System.Diagnostics;
using SpeechStream.Testing;

namespace SpeechStream.Cli.Tests;

/// <summary>The script of each shell, in that shell where it is installed.</summary>
public sealed class CompletionTests : FolderTests
{
    public static TheoryData<string, string[]> Lines => new()
    {
        { "speechstream tra", ["transcribe"] },
        { "speechstream transcribe --form", ["--format"] },
        { "speechstream transcribe --format js", ["jsonl"] },
        { "speechstream transcribe --format jsonl --embed", ["--embed-audio"] },
        { "speechstream doctor call.wav --endpoint ModelStudioS", ["ModelStudioSingapore"] },
        { "speechstream completion z", ["zsh"] },
        { "speechstream --ver", ["--verbose", "--version"] },
        { "speechstream transcribe my", ["mycall.wav"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash_completes(string line, string[] expected)
    {
        // Where the function finds nothing, bash takes the names of files.
        const string Script =
            """
            eval "$(speechstream completion bash)"
            COMP_LINE="$1" COMP_POINT=${#1}
            read -ra COMP_WORDS <<<"$1"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _speechstream
            ((${#COMPREPLY[@]})) || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        (await CompleteAsync("bash", "--norc", "-c", Script, "bash", line)).Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish_completes(string line, string[] expected)
    {
        (await CompleteAsync("fish", "--no-config", "-c", "speechstream completion fish | source; complete -C $argv[1]", line)).Should().Contain(expected);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task PowerShell_completes(string line, string[] expected)
    {
        var script = $"speechstream completion pwsh | Out-String | Invoke-Expression; (TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText";

        (await CompleteAsync("pwsh", "-NoProfile", "-Command", script)).Select(found => found.Replace("./", "", StringComparison.Ordinal)).Should().Equal(expected);
    }

    [Fact]
    public async Task Zsh_takes_the_script()
    {
        (await CompleteAsync("zsh", "-f", "-c", "autoload -Uz compinit; compinit -D -u; eval \"$(speechstream completion zsh)\"; print $_comps[speechstream]")).Should().Equal("_speechstream");
    }

    [Fact]
    public async Task Another_shell_is_told_which_there_are()
    {
        var command = new CommandLine();

        (await command.RunAsync("completion", "tcsh")).Should().Be(2);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("bash, zsh, fish and pwsh");
    }

    private async Task<string[]> CompleteAsync(string shell, params string[] args)
    {
        var program = Programs.Find(shell);
        Assert.SkipWhen(program is null, $"No {shell} here.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script of the other systems starts the command.");
        var tool = In("speechstream");
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet '{typeof(SpeechStreamCommand).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await File.WriteAllTextAsync(In("mycall.wav"), "");
        var start = new ProcessStartInfo(program!, args) { WorkingDirectory = Folder, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = Folder;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
