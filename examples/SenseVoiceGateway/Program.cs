// A local gateway that understands Chinese, Cantonese, English, Japanese and Korean. README.md says how to get the model.
//   dotnet run -c Release --project examples/SenseVoiceGateway -- sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17 --port 8080
using System.CommandLine;
using SenseVoiceGateway;
using SpeechStream.Gateway;

var path = new Argument<string>("model") { Description = "The folder with model.int8.onnx or model.onnx, or such a file; tokens.txt is beside it." };
var language = new Option<string>("--language") { Description = "auto, zh, yue, en, ja or ko.", DefaultValueFactory = _ => "auto" };
var plain = new Option<bool>("--no-itn") { Description = "No inverse text normalization: numbers as they are spoken, and no punctuation." };
var port = new Option<ushort>("--port") { Description = "The TCP port on 127.0.0.1; 0 takes a free one." };
var command = new RootCommand("A local stand-in of Alibaba Cloud's speech service that recognizes with SenseVoice. Ctrl+C ends it.") { path, language, plain, port };
command.SetAction(async (arguments, cancellationToken) =>
{
    try
    {
        using var model = new SenseVoiceModel(arguments.GetRequiredValue(path), arguments.GetRequiredValue(language), !arguments.GetValue(plain));
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Port = arguments.GetValue(port),
            Recognizer = Recognizer.FromDecoder(() => new SenseVoiceDecoder(model), maxTasks: 2 * Environment.ProcessorCount),
        }, CancellationToken.None);
        Console.WriteLine($"READY {gateway.Endpoint}");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
    catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();
