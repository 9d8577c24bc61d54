#:property PublishAot=false
// Writes number-words.txt, the same bytes on every machine:
//   dotnet run datasets/number-words/generate.cs [-- --out FOLDER]
using System.Runtime.CompilerServices;
using System.Text;

const int Last = 9_999;

string[] small =
[
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
];
string[] tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

var output = Path.Combine(args is ["--out", var folder] ? folder : Folder(), "number-words.txt");
File.WriteAllText(output, string.Concat(Enumerable.Range(1, Last).Select(number => Words(number) + "\n")), new ASCIIEncoding());
Console.WriteLine($"{output}: {new FileInfo(output).Length:N0} bytes");

string Words(int number) => number switch
{
    >= 1000 => Joined(small[number / 1000] + " thousand", number % 1000),
    >= 100 => Joined(small[number / 100] + " hundred", number % 100),
    >= 20 => Joined(tens[number / 10], number % 10),
    _ => small[number],
};

string Joined(string head, int rest) => rest == 0 ? head : $"{head} {Words(rest)}";

static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
