using System.CommandLine;
using System.Globalization;
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
        var files = new Argument<string[]>("INPUT") { Description = "Recordings, folders, patterns; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var local = new Option<bool>("--local") { Description = "Need no account: recognize English with PocketSphinx, through a local gateway in this process." };
        var endpoint = new Option<Uri?>("--endpoint")
        {
            Description = $"Address of the service or of a gateway, or a name: {string.Join(", ", ServiceName.All)}. Default: Shanghai, or ModelStudioBeijing with an API key.",
            HelpName = "URI|NAME",
            CustomParser = ParseEndpoint,
        };
        var insecure = new Option<bool>("--insecure") { Description = "Permit ws and http, which send the token unencrypted, to other machines: the internal endpoints need it." };
        var raw = new Option<bool>("--raw") { Description = "Audio without a known header is raw 16-bit mono samples, whatever its name is." };
        var tokenEndpoint = new Option<Uri?>("--token-endpoint")
        {
            Description = "Address of the token service, for an access key. Default: the vendor's in Shanghai, which serves mainland China.",
            HelpName = "URI",
            CustomParser = ParseAddress,
        };
        var appKey = new Option<string?>("--app-key") { Description = "Key of the project in the vendor's console.", HelpName = "K" };
        var token = new Option<string?>("--token") { Description = "Access token. Others on this machine can see it here; the environment is safer.", HelpName = "T" };
        var apiKey = new Option<string?>("--api-key") { Description = "Key of DashScope (Model Studio). Others on this machine can see it here; the environment is safer.", HelpName = "K" };
        var model = new Option<string?>("--model") { Description = "Recognition model. Default: paraformer-realtime-v2 with DashScope; that of the app key's project with NLS.", HelpName = "M" };
        var service = new Option<string?>("--service") { Description = "The service, where keys or --local don't decide it." };
        Allow(service, "nls", "dashscope");
        var format = new Option<string[]>("--format") { Description = "What to write; may be repeated.", DefaultValueFactory = _ => ["text"] };
        Allow(format, [.. Enum.GetNames<OutputFormat>().Select(name => name.ToLowerInvariant())]);
        var output = new Option<string?>("--output") { Description = "Folder for the files, which is created; - is standard output.", HelpName = "DIR|-" };
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
        var speed = new Option<double>("--speed")
        {
            Description = "How fast to send, as a multiple of real time; max is as fast as it is taken. The vendor's service expects 1.",
            HelpName = "R|max",
            DefaultValueFactory = _ => 1,
            CustomParser = ParseSpeed,
        };
        var sampleRate = new Option<int>("--sample-rate") { Description = "Samples per second of raw samples, and of what is sent: 8000 for models for telephone calls.", DefaultValueFactory = _ => 16000 };
        Allow(sampleRate, "8000", "16000");
        var parallel = new Option<int?>("--parallel", "-j") { Description = "How many sessions at once. Default: 2, as a trial account may; a commercial one may 200. With --local: 2 a core.", HelpName = "N" };
        parallel.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !IsCount(given.Value))
            {
                result.AddError($"--parallel is {given.Value}. Allowed: 1 or more.");
            }
        });
        var verbose = new Option<bool>("--verbose") { Description = "Log to standard error." };

        var command = new Command("transcribe", Description) { files, local, endpoint, tokenEndpoint, insecure, service, appKey, token, apiKey, model, raw, format, output, channel, embed, resume, speed, sampleRate, parallel, verbose };
        command.Validators.Add(result =>
        {
            if (result.GetValue(local) && result.GetResult(endpoint) is not null)
            {
                result.AddError("--local starts a gateway of its own and takes no --endpoint: leave one of them out.");
            }

            if (result.GetValue(files)?.FirstOrDefault(file => file.StartsWith('-') && !FileName.IsInput(file)) is { } option)
            {
                result.AddError(Misspelling.OfOption(option, result.Command));
            }

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
                IsLocal = parsed.GetValue(local),
                Endpoint = parsed.GetValue(endpoint),
                IsInsecure = parsed.GetValue(insecure),
                IsRaw = parsed.GetValue(raw),
                Account = new Account
                {
                    Service = parsed.GetValue(service) switch { "nls" => SpeechService.Nls, "dashscope" => SpeechService.DashScope, _ => null },
                    AppKey = parsed.GetValue(appKey),
                    Token = parsed.GetValue(token),
                    ApiKey = parsed.GetValue(apiKey),
                    TokenEndpoint = parsed.GetValue(tokenEndpoint),
                    Variable = surroundings.Variable,
                },
                Model = parsed.GetValue(model),
                Formats = [.. parsed.GetRequiredValue(format).Distinct().Select(name => Enum.Parse<OutputFormat>(name, ignoreCase: true))],
                Output = parsed.GetValue(output),
                Channel = parsed.GetRequiredValue(channel),
                EmbedsAudio = parsed.GetValue(embed),
                IsResumed = parsed.GetValue(resume),
                Speed = parsed.GetValue(speed),
                SampleRate = parsed.GetValue(sampleRate),
                Parallel = parsed.GetValue(parallel),
                IsVerbose = parsed.GetValue(verbose),
            },
            surroundings).RunAsync(cancellationToken));
        return command;
    }

    private static bool IsCount(string text) => int.TryParse(text, out var count) && count > 0;

    private static void Allow<T>(Option<T> option, params string[] values)
    {
        option.HelpName = string.Join('|', values);
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(given => !values.Contains(given.Value)) is { } wrong)
            {
                result.AddError($"{option.Name} is {wrong.Value}. Allowed: {string.Join(", ", values[..^1])} or {values[^1]}.");
            }
        });
    }

    private static Uri? ParseEndpoint(System.CommandLine.Parsing.ArgumentResult result) =>
        ServiceName.Find(result.Tokens[0].Value) ?? Parse(result, $", or a name: {string.Join(", ", ServiceName.All)}");

    private static Uri? ParseAddress(System.CommandLine.Parsing.ArgumentResult result) => Parse(result, "");

    private static Uri? Parse(System.CommandLine.Parsing.ArgumentResult result, string orElse)
    {
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var endpoint))
        {
            result.AddError($"'{result.Tokens[0].Value}' is no address. Give one such as wss://host/ws/v1{orElse}.");
        }

        return endpoint;
    }

    private static double ParseSpeed(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) || !(speed >= 0.1))
        {
            result.AddError($"--speed is {text}. Allowed: 0.1 and more, or max.");
        }

        return speed;
    }
}
