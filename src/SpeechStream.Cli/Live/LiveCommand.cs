using System.CommandLine;
using SpeechStream.Cli.Options;

namespace SpeechStream.Cli.Live;

/// <summary><c>speechstream live</c>: its arguments and options.</summary>
internal static class LiveCommand
{
    private const string Description =
        """
        Transcribe a microphone, or a pipe, while people speak.

        On a terminal the sentence that is spoken changes in place, what is final stands above it, and the last line tells the state of the connection and how late the last final
        came. Into a pipe or a file go the finals alone.

        A pipe is read if there is one, as in 'arecord -q -f S16_LE -r 16000 -t wav | speechstream live': WAV, or anything else that transcribe takes; raw samples need --raw. Otherwise it
        is the microphone: on Linux by arecord or else ffmpeg, on macOS by ffmpeg, on Windows by this program. It says which.

        Ctrl+C, SIGTERM and the end of the pipe end the audio, and what was said before is still transcribed, for 8 s at most; a second Ctrl+C gives it up.

        Exit code: 0 when the service confirmed the end; 1 when there is no microphone, nothing could begin, or the session or the recording program failed; 2 for a command line that
        isn't understood; 130 when the last finals didn't come within 8 s after Ctrl+C or SIGTERM, or before a second Ctrl+C; 141 when nobody reads the output any more.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var input = new Argument<string[]>("INPUT") { Description = "- is standard input. Default: standard input if it is a pipe or a file, else the microphone.", Arity = ArgumentArity.ZeroOrMore };
        var client = new ClientOptions();
        var device = new Option<string?>("--device")
        {
            Description = "The microphone: as 'arecord -L' (Linux) or 'ffmpeg -f avfoundation -list_devices true -i \"\"' (macOS) names it, on Windows its number or a part of its name. Default: the system's.",
            HelpName = "NAME",
        };
        var captions = new Option<string?>("--captions") { Description = "Write captions into a WebVTT file, which grows with each sentence and is whole at any time.", HelpName = "FILE" }.NotEmpty();
        var model = OptionValues.Model();
        var raw = new Option<bool>("--raw") { Description = "Standard input without a known header is raw 16-bit mono samples." };
        var sampleRate = OptionValues.SampleRate();

        var command = new Command("live", Description) { input, device, captions };
        client.AddTo(command);
        Array.ForEach<Option>([model, raw, sampleRate], command.Options.Add);
        command.AddRule(result =>
        {
            var names = result.GetValue(input) ?? [];
            if (names.FirstOrDefault(one => !FileName.IsInput(one)) is { } name)
            {
                result.AddError(name.StartsWith('-') ? Misspelling.OfOption(name, result.Command) : $"live reads a microphone, or - for standard input. Did you mean: speechstream transcribe {FileName.Quoted(name)}?");
            }
            else if (names.Length > 0 && result.GetValue(device) is not null)
            {
                result.AddError("--device is a microphone, and - is standard input. Leave one of them out.");
            }
        });
        command.SetAction((parsed, cancellationToken) => new LiveRun(
            new LiveSettings
            {
                Client = client.Read(parsed, surroundings),
                ReadsInput = parsed.GetValue(input) is { Length: > 0 } || (parsed.GetValue(device) is null && surroundings.IsInputGiven()),
                Device = parsed.GetValue(device),
                IsRaw = parsed.GetValue(raw),
                Model = parsed.GetValue(model),
                SampleRate = parsed.GetValue(sampleRate),
                Captions = parsed.GetValue(captions),
            },
            surroundings).RunAsync(cancellationToken));
        return command;
    }
}
