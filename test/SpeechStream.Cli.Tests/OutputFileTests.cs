using System.Text.Json.Nodes;
using SpeechStream.Captions;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class OutputFileTests : ServedTests
{
    [Fact]
    public async Task Each_format_is_a_file_beside_the_recording_and_nothing_else_is_left()
    {
        var samples = Write("a.wav", seconds: 5);

        var command = await RunAsync(0, In("a.wav"), "--format", "text", "--format", "jsonl", "--format", "srt", "--format", "vtt");

        Names().Should().Equal("a.jsonl", "a.srt", "a.text", "a.vtt", "a.wav");
        command.Output.Should().BeEmpty();
        var sentences = Recognizer.DigestOf(samples).Select(sentence => sentence.Text).ToList();
        File.ReadAllLines(In("a.text")).Should().Equal(sentences.Zip(["00:00.0 - 00:02.0", "00:02.0 - 00:04.0", "00:04.0 - 00:05.0"], (text, times) => $"[{times}] {text}"));
        File.ReadAllLines(In("a.jsonl")).Select(line => (string)JsonNode.Parse(line)!["text"]!).Should().Equal(sentences);
        foreach (var captions in (string[])["a.srt", "a.vtt"])
        {
            (await CuesAsync(captions)).Select(cue => cue.Text).Should().Equal(sentences);
        }
    }

    [Fact]
    public async Task A_folder_is_made_and_two_recordings_of_one_name_are_told_apart()
    {
        var first = Write("one/a.wav", seconds: 2, seed: 1);
        var second = Write("two/a.wav", seconds: 2, seed: 2);

        var command = await RunAsync(0, In("one/a.wav"), In("two/a.wav"), "--format", "srt", "--output", In("new/out"));

        Names("new/out").Should().Equal("a-2.srt", "a.srt");
        (await CuesAsync("new/out/a.srt")).Single().Text.Should().Be(Recognizer.DigestOf(first).Single().Text);
        (await CuesAsync("new/out/a-2.srt")).Single().Text.Should().Be(Recognizer.DigestOf(second).Single().Text);
        command.ErrorLines.Should().Contain(line => line.Contains("two/a.wav: Another recording is called a, too. The output of this one is called a-2.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_recording_that_is_called_like_an_output_is_not_replaced_by_one()
    {
        var samples = Write("a.text", seconds: 2, seed: 1);
        Write("a.wav", seconds: 2, seed: 2);
        var before = File.ReadAllBytes(In("a.text"));

        var command = await RunAsync(0, In("a.text"), In("a.wav"), "--format", "text", "--format", "srt");

        File.ReadAllBytes(In("a.text")).Should().Equal(before);
        Names().Should().Equal("a-2.srt", "a-2.text", "a-3.srt", "a-3.text", "a.text", "a.wav");
        (await CuesAsync("a-2.srt")).Single().Text.Should().Be(Recognizer.DigestOf(samples).Single().Text);
        command.ErrorLines.Should().Contain(line => line.EndsWith("a.text: Its output could replace a recording. The output of this one is called a-2.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_that_leave_no_room_for_an_ending_are_shortened_and_told_apart()
    {
        var name = string.Concat(Enumerable.Repeat("音", 83));
        var samples = new[] { Write($"{name}a.wav", seconds: 2, seed: 1), Write($"{name}b.wav", seconds: 2, seed: 2) };

        await RunAsync(0, Folder, "--format", "srt", "--output", In("out"));

        var files = Names("out").ToList();
        files.Should().HaveCount(2).And.AllSatisfy(file => file.Should().StartWith(name[..70]));
        (await Task.WhenAll(files.Select(file => CuesAsync($"out/{file}")))).Select(cues => cues.Single().Text)
            .Should().BeEquivalentTo(samples.Select(one => Recognizer.DigestOf(one).Single().Text));
    }

    [Theory]
    [InlineData(new string[] { }, "src=\"../one/a%20b.wav\"")]
    [InlineData(new[] { "--embed-audio" }, "src=\"data:audio/wav;base64,")]
    public async Task A_page_plays_the_recording(string[] options, string expected)
    {
        var samples = Write("one/a b.wav", seconds: 3);

        await RunAsync(0, [In("one/a b.wav"), "--format", "html", "--output", In("out"), .. options]);

        var page = File.ReadAllText(In("out/a b.html"));
        Recognizer.DigestOf(samples).Should().OnlyContain(sentence => page.Contains(sentence.Text, StringComparison.Ordinal));
        page.Should().StartWith("<!").And.Contain(expected).And.Contain("<svg");
    }

    [Fact]
    public async Task Captions_may_go_to_standard_output()
    {
        Write("a.wav", seconds: 3);

        var command = await RunAsync(0, In("a.wav"), "--format", "vtt", "--output", "-");

        command.Output.Should().StartWith("WEBVTT\n\n00:00:00.000 --> ");
        Names().Should().Equal("a.wav");
    }

    [Fact]
    public async Task Captions_of_several_recordings_are_no_stream()
    {
        Write("a.wav", seconds: 1);
        Write("b.wav", seconds: 1);

        (await RunAsync(2, Folder, "--format", "vtt", "--output", "-")).ErrorLines.Should().ContainSingle().Which.Should().Contain("Give a folder");
    }

    [Fact]
    public async Task A_folder_without_room_for_a_file_is_told_before_anything_begins()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc, where not even root can make a file.");
        Write("a.wav", seconds: 1);
        Write("b.wav", seconds: 1);

        var command = await RunAsync(1, Folder, "--format", "srt", "--output", "/proc");

        command.ErrorLines.Should().ContainSingle().Which.Should().Be("speechstream: --output is /proc, where no file can be made. Give a folder that you may write to.");
        Gateway.StartedTasks.Should().Be(0);
    }

    [Fact]
    public async Task A_recording_that_grows_meanwhile_is_told()
    {
        var path = In("a.wav");
        Write("a.wav", seconds: 3);
        var command = new CommandLine();
        using var output = new OutputThatGrows(path);

        (await SpeechStreamCommand.RunAsync(
            ["transcribe", path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max"], command.Surroundings with { Output = output }, TestContext.Current.CancellationToken)).Should().Be(0);

        command.ErrorLines[^1].Should().Be($"speechstream: {path}: it became longer while it was transcribed, and its end may be missing. Transcribe it again when it is complete");
        (await RunAsync(0, path)).ErrorLines.Should().NotContain(line => line.Contains("became longer"));
    }

    [Fact]
    public async Task Names_are_one_line_and_no_command_to_the_terminal()
    {
        Write("a\n\e[31mb.wav", seconds: 1);
        Write("-c.wav", seconds: 1);

        (await RunAsync(0, Folder)).OutputLines.Should().HaveCount(2).And.ContainSingle(line => line.StartsWith($"{Folder}/a \uFFFD[31mb.wav [00:00.0 - "));
    }

    [Fact]
    public async Task A_recording_that_fails_leaves_no_file_and_does_not_stop_the_others()
    {
        File.WriteAllText(In("a.wav"), "<html>");
        Write("b.wav", seconds: 1);

        await RunAsync(1, Folder, "--format", "srt", "--output", In("out"));

        Names("out").Where(name => name.EndsWith("srt", StringComparison.Ordinal)).Should().Equal("b.srt");
    }

    [Fact]
    public async Task Folders_and_patterns_are_expanded_and_sorted_and_each_recording_is_heard_once()
    {
        foreach (var name in (string[])["b.wav", "a.wav", "deep/c.wav", "deep/er/d.WAV"])
        {
            Write(name, seconds: 1);
        }

        File.WriteAllText(In("notes.txt"), "no recording");
        File.WriteAllText(In(".hidden.wav"), "");

        (await FilesAsync(Folder, In("a.wav"))).Should().Equal("a.wav", "b.wav");
        (await FilesAsync(In("*.wav"), In("d??p/*.wav"))).Should().Equal("a.wav", "b.wav", "deep/c.wav");
        (await FilesAsync(In("**/?.WAV"), In("b.wav"))).Should().Equal("deep/er/d.WAV", "b.wav");
    }

    [Fact]
    public async Task What_names_no_recording_is_told()
    {
        Directory.CreateDirectory(In("empty"));

        (await RunAsync(1, In("empty"))).ErrorLines.Should().ContainSingle().Which.Should().EndWith("empty: No recording is directly in this folder.");
        (await RunAsync(1, In("*.mp3"))).ErrorLines.Should().ContainSingle().Which.Should().EndWith("*.mp3: No file has such a name.");
    }

    [Fact]
    public async Task The_length_of_all_is_told_before_the_start()
    {
        Write("a.wav", seconds: 2);
        Write("b.wav", seconds: 3);

        (await RunAsync(0, Folder)).ErrorLines[0].Should().Be("speechstream: 2 recordings, 00:05 in all, 2 at once; as fast as they are taken");
    }

    [Fact]
    public async Task Each_channel_is_heard_by_itself_and_is_a_speaker()
    {
        var (left, right) = WriteStereo("call.wav");

        var lines = (await RunAsync(0, In("call.wav"), "--channel", "each")).OutputLines;
        await RunAsync(0, In("call.wav"), "--channel", "each", "--format", "vtt", "--format", "jsonl");

        var expected = Recognizer.DigestOf(left).Zip(Recognizer.DigestOf(right)).SelectMany(pair => (string[])[$"Channel 1: {pair.First.Text}", $"Channel 2: {pair.Second.Text}"]).ToList();
        lines.Select(line => line.Split("] ")[1]).Should().Equal(expected);
        (await CuesAsync("call.vtt")).Select(cue => $"{cue.Speaker}: {cue.Text.Replace("\n", "", StringComparison.Ordinal)}").Should().Equal(expected);
        File.ReadAllLines(In("call.jsonl")).Select(line => JsonNode.Parse(line)!).Select(line => $"{line["speaker"]}: {line["text"]}").Should().Equal(expected);
    }

    [Fact]
    public async Task One_channel_may_be_chosen()
    {
        var (_, right) = WriteStereo("call.wav");

        var command = await RunAsync(0, In("call.wav"), "--channel", "2");

        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(Recognizer.DigestOf(right).Select(sentence => sentence.Text));
        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("call.wav: WAV with PCM, 16000 Hz, 2 channels, decoded by");
        (await RunAsync(1, In("call.wav"), "--channel", "3")).ErrorLines[^1].Should().Contain("--channel is 3, and the audio has 2");
    }

    [Fact]
    public async Task Progress_is_shown_on_a_terminal_and_nothing_of_it_in_a_pipe()
    {
        Write("a.wav", seconds: 1);

        var shown = new CommandLine { ErrorWidth = 100, TicksAtOnce = true };
        (await shown.RunAsync("transcribe", In("a.wav"), "--format", "srt", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        shown.ErrorLines[0].Should().Be("speechstream: 1 recording, 00:01 in all, 1 at once; as fast as they are taken");
        shown.ErrorLines[1].Should().Be("0 of 1 done              ░░░░░░░░░░░░░░░░░░░░ 00:00 of 00:01");
        string.Concat(shown.ErrorLines).Should().EndWith("\e[1A\r\e[J", "it is taken away at the end");
        (await RunAsync(0, In("a.wav"), "--format", "srt")).ErrorLines.Should().BeEmpty();
    }

    [Fact]
    public async Task A_recording_that_is_refused_leaves_the_length_of_all_others_known()
    {
        Write("a.wav", seconds: 1);
        File.WriteAllText(In("b.wav"), "<html>");

        var command = new CommandLine { ErrorWidth = 100, TicksAtOnce = true };
        (await command.RunAsync("transcribe", Folder, "--format", "srt", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(1);

        command.ErrorLines[0].Should().StartWith("speechstream: 1 recording of 2, 00:01 in all");
        command.ErrorLines[1].Should().EndWith(" 00:00 of 00:01");
    }

    private sealed class OutputThatGrows(string path) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(new byte[3200]);
        }
    }

    private async Task<IEnumerable<string>> FilesAsync(params string[] arguments)
    {
        var command = await RunAsync(0, [.. arguments, "-j", "1"]);
        return command.OutputLines.Select(line => Path.GetRelativePath(Folder, line.Split(" [")[0]));
    }

    private async Task<List<Cue>> CuesAsync(string name)
    {
        await using var stream = File.OpenRead(In(name));
        return await CaptionReader.ReadAsync(stream).ToListAsync();
    }

    private IEnumerable<string> Names(string folder = "") => Directory.GetFiles(In(folder)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    private byte[] Write(string name, double seconds, int seed = 1)
    {
        using var recording = Recording.Wave(seconds, seed);
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllBytes(In(name), recording.Content);
        return recording.Samples;
    }

    private (byte[] Left, byte[] Right) WriteStereo(string name)
    {
        using var recording = Recording.Wave(10, channels: 2);
        File.WriteAllBytes(In(name), recording.Content);
        var frames = recording.Samples.Chunk(4).ToList();
        return ([.. frames.SelectMany(frame => frame[..2])], [.. frames.SelectMany(frame => frame[2..])]);
    }

    private async Task<CommandLine> RunAsync(int exitCode, params string[] args)
    {
        var command = new CommandLine();
        (await command.RunAsync(["transcribe", .. args, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max"])).Should().Be(exitCode, string.Join('\n', command.ErrorLines));
        return command;
    }
}
