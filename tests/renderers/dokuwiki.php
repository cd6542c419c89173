<?php
// Renders each text of a JSON list on standard input with the real parser; prints a JSON list.
[, $dokuwiki, $work] = $argv;
define('DOKU_INC', $dokuwiki . '/');
define('DOKU_CONF', $work . '/conf/');
define('NOSESSION', true);
define('DOKU_UNITTEST', true);
error_reporting(E_ALL & ~E_DEPRECATED & ~E_NOTICE & ~E_WARNING);
require_once DOKU_INC . 'inc/init.php';
$texts = json_decode(stream_get_contents(STDIN), true);
$pages = [];
foreach ($texts as $text) {
    $pages[] = p_render('xhtml', p_get_instructions($text), $info);
}
fwrite(STDOUT, json_encode($pages, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE));
