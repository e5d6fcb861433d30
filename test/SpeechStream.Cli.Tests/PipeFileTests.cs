using System.IO.Pipes;
using SpeechStream.Cli.Inputs;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>A pipe that has a name, as a shell makes it of <c>&lt;(command)</c>, can be read once only.</summary>
public sealed class PipeFileTests : FolderTests
{
    [Theory]
    [InlineData("--output", "-")]
    [InlineData("--format", "srt", "--resume")]
    [InlineData("--format", "html")]
    [InlineData("--format", "text", "--raw")]
    public async Task It_is_transcribed(params string[] options)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        await using var pipe = Open(options.Contains("--raw") ? recording.Samples : recording.Content);
        string[] folder = options.Contains("--output") ? [] : ["--output", Folder];
        var command = new CommandLine { ErrorWidth = 100 };

        var code = await command.RunAsync(["transcribe", NameOf(pipe), .. options, .. folder, "--endpoint", gateway.Endpoint.ToString(), "--speed", "max"]);

        code.Should().Be(0, string.Concat(command.ErrorLines));
        var transcript = folder.Length == 0 ? command.Output : File.ReadAllText(Directory.GetFiles(Folder).Should().ContainSingle("nothing is kept of it").Which);
        transcript.Should().Contain(recording.Sentences.Single());
    }

    [Fact]
    public async Task It_cannot_be_heard_once_for_each_channel()
    {
        await using var pipe = Open([1, 2]);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", NameOf(pipe), "--channel", "each", "--endpoint", "ws://127.0.0.1:1/ws/v1")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("a pipe, which can be read once only");
    }

    [Fact]
    public void Its_files_are_written_where_files_can_be()
    {
        string[] files = ["/dev/fd/63", "/dev/stdin", "-"];

        Input.Name(files, null, _ => { }).Select(input => input.OutputStem).Should().Equal(Path.GetFullPath("63"), Path.GetFullPath("stdin"), Path.GetFullPath("stdin-2"));
    }

    private static string NameOf(AnonymousPipeServerStream pipe) => $"/dev/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";

    // A second of samples has room in it.
    private static AnonymousPipeServerStream Open(byte[] content)
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "No pipe has a name here.");
        var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new AnonymousPipeClientStream(PipeDirection.Out, pipe.GetClientHandleAsString());
        writer.Write(content);
        return pipe;
    }
}
