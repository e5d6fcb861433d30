using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What people type who haven't read the help.</summary>
public sealed class OddCommandLineTests : FolderTests
{
    [Theory]
    [InlineData("-v is no option. Did you mean --version?", "-v")]
    [InlineData("--vresion is no option. Did you mean --version?", "--vresion")]
    [InlineData("'version' is no command. Did you mean --version?", "version")]
    [InlineData("--json is no option.", "--help", "--json")]
    [InlineData("'localhost:8080' is no address. Give one such as wss://host/ws/v1", "transcribe", "x.wav", "--endpoint", "localhost:8080")]
    [InlineData("--endpoint begins with http. It must begin with wss, or unencrypted with ws.", "transcribe", "x.wav", "--endpoint", "http://localhost/?token=a-secret-value")]
    [InlineData("--token-endpoint begins with ws. It must begin with https, or unencrypted with http.", "token", "--token-endpoint", "ws://localhost/")]
    [InlineData("For several, repeat it: --format srt --format vtt.", "transcribe", "x.wav", "--format", "srt,vtt")]
    [InlineData("--output is empty. Give a value, or leave the option out.", "transcribe", "x.wav", "--output", "")]
    [InlineData("--record is empty. Give a value, or leave the option out.", "transcribe", "x.wav", "--record", "")]
    [InlineData("--captions is empty. Give a value, or leave the option out.", "live", "--captions", "")]
    [InlineData("--output is empty. Give a value, or leave the option out.", "fleet", "run", "x.wav", "--output", "")]
    [InlineData("--output is empty. Give a value, or leave the option out.", "fleet", "transcript", "--all", "--output", "")]
    [InlineData("--fleet is empty. Give a value, or leave the option out.", "fleet", "status", "--fleet", "")]
    public async Task It_is_told_what_was_meant(string expected, params string[] args)
    {
        (await ErrorOfAsync(2, args)).Should().Contain(expected).And.NotContain(Doctor.Secret);
    }

    [Theory]
    [InlineData("transcribe", "x.wav", "--output")]
    [InlineData("transcribe", "x.wav", "--embed-audio", "--format")]
    [InlineData("transcribe", "x.wav", "--record-audio", "--record")]
    [InlineData("transcribe", "x.wav", "--local", "--endpoint")]
    [InlineData("live", "-", "--device")]
    [InlineData("live", "--record-audio", "--record")]
    [InlineData("doctor", "--local", "--endpoint")]
    [InlineData("fleet", "transcript", "x", "--output")]
    [InlineData("fleet", "transcript", "x", "--format")]
    [InlineData("fleet", "forget", "x", "--older-than")]
    public async Task An_option_without_its_value_is_named(params string[] args)
    {
        (await ErrorOfAsync(2, args)).Should().Contain(args[^1]);
    }

    [Theory]
    [InlineData("Could not find a script of that name; the others are digest and pocketsphinx.", "gateway", "--recognizer", "pocketsfinx")]
    [InlineData("An INPUT is empty.", "transcribe", "", "--endpoint", "ws://127.0.0.1:1/ws/v1")]
    [InlineData("./-no.wav: Could not find file", "transcribe", "--endpoint", "ws://127.0.0.1:1/ws/v1", "--", "-no.wav")]
    public async Task It_cannot_be_done_and_is_told_why(string expected, params string[] args)
    {
        (await ErrorOfAsync(1, args)).Should().Contain(expected);
    }

    [Fact]
    public async Task Help_on_help_is_the_help()
    {
        var command = new CommandLine();

        (await command.RunAsync("help", "help")).Should().Be(0);

        command.Output.Should().Contain("Commands:");
    }

    [Theory]
    [InlineData("@home.wav")]
    [InlineData("通话 录音.wav")]
    [InlineData("50% off.wav")]
    [InlineData("it's \"quoted\".wav")]
    public async Task A_recording_may_have_any_name(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains('"', StringComparison.Ordinal), "No file of Windows has such a name.");
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        var (path, command) = (In(name), new CommandLine());
        File.Copy(recording.Path, path);

        (await command.RunAsync("transcribe", path, "--format", "srt", "--endpoint", gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0, string.Concat(command.ErrorLines));

        File.Exists(Path.ChangeExtension(path, ".srt")).Should().BeTrue();
    }

    [Fact]
    public async Task A_name_that_begins_with_at_is_no_list_of_arguments()
    {
        (await ErrorOfAsync(1, "transcribe", "@home.wav", "--endpoint", "ws://127.0.0.1:1/ws/v1")).Should().Contain("@home.wav: Could not find file");
    }

    [Fact]
    public void A_file_that_looks_like_an_option_is_told_how_it_is_given()
    {
        var name = $"-{Guid.NewGuid():N}.wav";
        File.WriteAllText(name, "");
        try
        {
            Misspelling.OfOption(name, new("transcribe")).Should().EndWith($"The file of that name is given as .{Path.DirectorySeparatorChar}{name}.");
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public async Task An_output_that_is_a_file_is_told()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);

        (await ErrorOfAsync(1, "transcribe", recording.Path, "--output", recording.Path, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("which is a file. Give a folder.");
        (await File.ReadAllBytesAsync(recording.Path)).Should().Equal(recording.Content);
    }

    [Fact]
    public async Task An_output_that_cannot_be_made_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc takes no folder.");
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);

        (await ErrorOfAsync(1, "transcribe", recording.Path, "--output", "/proc/new", "--endpoint", gateway.Endpoint.ToString())).Should().Contain("--output is /proc/new, where no file can be made.");
    }

    [Fact]
    public void A_place_that_may_not_be_written_to_is_told()
    {
        // Nobody may write to a folder as to a file, not even root.
        Directory.CreateDirectory(In(".a.srt.tmp"));

        var write = () => Output.AtomicFile.Write(In("a.srt"), []);

        write.Should().Throw<IOException>().WithMessage("*may not write to it or its folder. Give another folder with --output.");
    }

    [Fact]
    public async Task A_folder_in_place_of_a_file_is_told_by_doctor()
    {
        await using var gateway = await LocalGateway.StartAsync();

        (await Doctor.FailureAsync(20, Folder, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("is a folder. Give one of its recordings.");
    }

    private static async Task<string> ErrorOfAsync(int exitCode, params string[] args)
    {
        var command = new CommandLine();
        (await command.RunAsync(args)).Should().Be(exitCode);
        command.Output.Should().BeEmpty();
        return command.ErrorLines.Should().ContainSingle().Which;
    }
}
