using System.CommandLine;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary><c>speechstream transcribe</c>: its arguments and options.</summary>
internal static class TranscribeCommand
{
    private const string Description =
        """
        Transcribe recordings, each in a session of its own, several at once.

        An INPUT is a file, a folder (the recordings directly in it, by their names' endings), or a pattern such as '*.wav' or 'calls/**/*.mp3'. WAV, AIFF and
        Opus are decoded here; MP3, M4A, FLAC, video and more by ffmpeg, if that is installed. What it is, is recognized by its content, and it is sent
        as 16-bit mono samples. Raw samples are named .pcm or .raw, or need --raw. What is no recording is refused, before anything is sent.

        Finals of text or jsonl go to standard output, those of a file together, with its name before each line when there are several. Other formats,
        or several, are files named as the recording, with .srt and so on (html: a page with a player), beside it or in --output. They are whole or not there. Jsonl on standard
        output is every event, in a file the finals; times are in milliseconds.

        While files are written, NAME.speechstream.json beside them keeps what is final. It is removed when all is done, unless --resume is given.
        What was found, converted and how far it is goes to standard error.

        The keys decide the service. NLS: NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET, in the environment, or --app-key and
        --token. DashScope (Model Studio): DASHSCOPE_API_KEY, or --api-key. With keys of both it is NLS; --service says otherwise.

        Ctrl+C ends standard input, and what came before is still transcribed, for 5 s at most; recordings are given up, and what was final is
        kept: files are written with that, and --resume goes on.

        Exit code: 0 when the service confirmed the end of every recording; 1 when one was refused, has no audio, or failed: the others are
        still transcribed; also 1 when nothing could begin, as without an app key; 2 for a command line that isn't understood; 130 when
        Ctrl+C gave something up; 141 when nobody reads the output any more.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var files = new Argument<string[]>("INPUT") { Description = "Recordings, folders, patterns; - is standard input.", Arity = ArgumentArity.OneOrMore }.WithoutOptions();
        var client = new ClientOptions();
        var raw = new Option<bool>("--raw") { Description = "Audio without a known header is raw 16-bit mono samples, whatever its name is." };
        var model = OptionValues.Model();
        var format = OptionValues.Formats();
        var output = new Option<string?>("--output") { Description = "Folder for the files, which is created; - is standard output.", HelpName = "DIR|-" }.NotEmpty();
        var channel = new Option<string>("--channel")
        {
            Description = "What is heard of a recording with several channels: one by its number, all together, or each in a session of its own, named as the speaker.",
            HelpName = "1|2|mix|each",
            DefaultValueFactory = _ => "mix",
        };
        channel.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && given.Value is not ("mix" or "each") && !IsCount(given.Value))
            {
                result.AddError($"--channel is {given.Value}. Allowed: 1 or more, mix or each.");
            }
        });
        var embed = new Option<bool>("--embed-audio") { Description = "Put the recording, of up to 20 MB, into the html page. Default: the page plays the file, and both are moved together." };
        var resume = new Option<bool>("--resume") { Description = "Go on after an earlier run that was ended: complete recordings are skipped, others go on at their last final. Keeps NAME.speechstream.json." };
        var speed = OptionValues.Speed();
        var sampleRate = OptionValues.SampleRate();
        var parallel = OptionValues.Count("--parallel", "How many sessions at once. Default: 2, as a trial account may; a commercial one may 200. With --local: 2 a core.", "-j");

        var command = new Command("transcribe", Description) { files };
        client.AddTo(command);
        Array.ForEach<Option>([model, raw, format, output, channel, embed, resume, speed, sampleRate, parallel], command.Options.Add);
        command.AddRule(result =>
        {
            if (result.GetValue(embed) && result.GetValue(format)?.Contains("html") != true)
            {
                result.AddError("--embed-audio is for --format html.");
            }

            if (result.GetValue(output) == "-" && result.GetValue(format) is { Length: > 1 } several)
            {
                result.AddError($"--output - takes one format, and {several.Length} are given: {string.Join(", ", several)}.");
            }

            if (result.GetValue(files)?.Count(FileName.IsInput) > 1)
            {
                result.AddError("Standard input can be read once only: name - once.");
            }
        });
        command.SetAction((parsed, cancellationToken) => new TranscribeRun(
            new TranscribeSettings
            {
                Arguments = parsed.GetRequiredValue(files),
                Client = client.Read(parsed, surroundings),
                IsRaw = parsed.GetValue(raw),
                Model = parsed.GetValue(model),
                Formats = OptionValues.FormatsOf(parsed.GetRequiredValue(format)),
                Output = parsed.GetValue(output),
                Channel = parsed.GetRequiredValue(channel),
                EmbedsAudio = parsed.GetValue(embed),
                IsResumed = parsed.GetValue(resume),
                Speed = parsed.GetValue(speed),
                SampleRate = parsed.GetValue(sampleRate),
                Parallel = parsed.GetValue(parallel),
            },
            surroundings).RunAsync(cancellationToken));
        return command;
    }

    private static bool IsCount(string text) => int.TryParse(text, out var count) && count > 0;
}
